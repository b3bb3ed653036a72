-- What was done, counted by the hour and by the day in UTC.

-- A rebuild counts into the next generation, which then becomes the one that is read. Folds are counted so that it
-- notices if changes were folded behind its back.
create table statistics_state (
    one           bigint primary key check (one = 1),
    generation    bigint not null,
    is_complete   boolean not null,
    rebuild_due   boolean not null,
    folds         bigint not null default 0,
    rebuilt_at_us bigint
) with (fillfactor = 50);
insert into statistics_state (one, generation, is_complete, rebuild_due)
    select 1, 1, not exists (select 1 from alert_sessions), exists (select 1 from alert_sessions);

-- One row for each thing that is counted, in each hour and each day. A sketch holds durations.
create table statistics (
    generation    bigint not null,
    grain         text collate "C" not null check (grain in ('hour', 'day')),
    from_us       bigint not null,
    measure       text collate "C" not null check (measure in ('status', 'alert_type', 'duration', 'model', 'tool')),
    name          text collate "C" not null,
    detail        text collate "C" not null,
    number        bigint not null,
    errors        bigint not null,
    input_tokens  bigint not null,
    output_tokens bigint not null,
    total_tokens  bigint not null,
    sketch        text,
    primary key (generation, grain, measure, from_us, name, detail)
) with (fillfactor = 80);

-- What each write changed in it, until that is added up; no two writers ever change the same row.
create table statistics_changes (
    change_no     bigint generated always as identity primary key,
    from_us       bigint not null,
    measure       text collate "C" not null,
    name          text collate "C" not null,
    detail        text collate "C" not null,
    number        bigint not null,
    errors        bigint not null,
    input_tokens  bigint not null,
    output_tokens bigint not null,
    total_tokens  bigint not null
);
alter table statistics_changes set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.2);
