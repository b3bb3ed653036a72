-- What keeps the record in order: holds, events, runs of retention, leases and the servers that share the database.

-- Whoever holds a session back from retention says so here.
alter table alert_sessions add column retention_hold integer not null default 0 check (retention_hold in (0, 1));

-- What may be deleted, oldest first.
create index ix_alert_sessions_expiring on alert_sessions (completed_at_us, session_id)
    where completed_at_us is not null and not retention_hold;

-- The bytes of its bodies as they came, so that what retention frees is known without reading them.
alter table session_totals add column size_bytes integer not null default 0;
update session_totals set size_bytes = (select octet_length(s.alert_data) + coalesce(octet_length(s.final_analysis), 0)
        + coalesce(octet_length(s.session_metadata), 0) + coalesce(octet_length(s.chain_definition), 0)
    from alert_sessions s where s.session_id = session_totals.session_id)
    + (select coalesce(sum(octet_length(e.stage_output)), 0) from stage_executions e
        where e.session_id = session_totals.session_id)
    + (select coalesce(sum(i.size_bytes), 0) from llm_interactions i where i.session_id = session_totals.session_id)
    + (select coalesce(sum(i.size_bytes), 0) from mcp_communications i where i.session_id = session_totals.session_id);

-- What happened, for those who watch; kept for a day. The number grows and is never given twice.
create table events (
    event_id   integer primary key autoincrement,
    at_us      integer not null,
    type       text not null,
    session_id text not null,
    data       text not null
) strict;
create index ix_events_at on events (at_us);

-- One run of retention each, for as long as anybody may ask what was deleted.
create table retention_runs (
    run_id           text primary key,
    cause            text not null check (cause in ('schedule', 'request')),
    server_name      text not null,
    state            text not null check (state in ('running', 'completed', 'paused', 'failed')),
    started_at_us    integer not null,
    progress_at_us   integer not null,
    finished_at_us   integer,
    cutoff_us        integer,
    sessions_deleted integer not null default 0,
    rows_deleted     integer not null default 0,
    bytes_deleted    integer not null default 0,
    archive          text,
    error            text
) strict;
create index ix_retention_runs_started on retention_runs (started_at_us, run_id);

-- Who may do what only one server does at a time, and until when; by the clock of the database.
create table leases (
    name          text primary key,
    holder        text not null,
    expires_at_us integer not null
) strict;

-- The servers that were seen lately.
create table servers (
    server_id      text primary key,
    name           text not null,
    version        text not null,
    product        text not null,
    pool_limit     integer not null,
    started_at_us  integer not null,
    seen_at_us     integer not null,
    clock_ahead_us integer not null
) strict;

-- How far each spool has been applied: told in the transaction that applies, so that nothing is applied twice.
create table spools (
    spool_id         text primary key,
    applied_position integer not null,
    updated_at_us    integer not null
) strict;
