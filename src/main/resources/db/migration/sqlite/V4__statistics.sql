-- What was done, counted by the hour and by the day in UTC.

-- A rebuild counts into the next generation, which then becomes the one that is read. Folds are counted so that it
-- notices if changes were folded behind its back.
create table statistics_state (
    one           integer primary key check (one = 1),
    generation    integer not null,
    is_complete   integer not null check (is_complete in (0, 1)),
    rebuild_due   integer not null check (rebuild_due in (0, 1)),
    folds         integer not null default 0,
    rebuilt_at_us integer
) strict;
insert into statistics_state (one, generation, is_complete, rebuild_due)
    select 1, 1, not exists (select 1 from alert_sessions), exists (select 1 from alert_sessions);

-- One row for each thing that is counted, in each hour and each day. A sketch holds durations.
create table statistics (
    generation    integer not null,
    grain         text not null check (grain in ('hour', 'day')),
    from_us       integer not null,
    measure       text not null check (measure in ('status', 'alert_type', 'duration', 'model', 'tool')),
    name          text not null,
    detail        text not null,
    number        integer not null,
    errors        integer not null,
    input_tokens  integer not null,
    output_tokens integer not null,
    total_tokens  integer not null,
    sketch        text,
    primary key (generation, grain, measure, from_us, name, detail)
) strict, without rowid;

-- What each write changed in it, until that is added up; no two writers ever change the same row.
create table statistics_changes (
    change_no     integer primary key autoincrement,
    from_us       integer not null,
    measure       text not null,
    name          text not null,
    detail        text not null,
    number        integer not null,
    errors        integer not null,
    input_tokens  integer not null,
    output_tokens integer not null,
    total_tokens  integer not null
) strict;

-- The index of words is written more than it is asked: its parts are merged later.
insert into search_index (search_index, rank) values ('automerge', 8);

-- From numbers to ids without the rows themselves, which are long.
create index ix_search_sessions_number on search_sessions (session_no, session_id);
