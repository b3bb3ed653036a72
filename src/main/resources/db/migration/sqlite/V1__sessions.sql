-- Sessions, their stages and everything that was said and done in them.
-- Times are microseconds since the epoch, UTC; durations are milliseconds. JSON is kept as the text that came.
-- Columns that can be long stand last: a read that does not want them never touches their pages.

create table alert_sessions (
    session_id          text primary key,
    alert_id            text unique,
    agent_type          text not null,
    alert_type          text,
    chain_id            text not null,
    status              text not null
        check (status in ('pending', 'in_progress', 'paused', 'canceling', 'completed', 'failed', 'cancelled', 'timed_out')),
    started_at_us       integer not null check (started_at_us >= 0),
    completed_at_us     integer check (completed_at_us >= 0),
    duration_ms         integer,
    current_stage_index integer,
    current_stage_id    text,
    author              text,
    runbook_url         text,
    created_at_us       integer not null,
    content_digest      text not null,
    error_message       text,
    initial_state       text,
    session_metadata    text,
    chain_definition    text,
    alert_data          text not null,
    final_analysis      text
) strict;

-- Changes with every interaction, so it is narrow and apart from the wide row.
create table session_totals (
    session_id              text primary key references alert_sessions (session_id) on delete cascade,
    llm_interaction_count   integer not null default 0,
    mcp_communication_count integer not null default 0,
    session_input_tokens    integer,
    session_output_tokens   integer,
    session_total_tokens    integer,
    total_stages            integer not null default 0,
    completed_stages        integer not null default 0,
    failed_stages           integer not null default 0,
    errors_count            integer not null default 0,
    revision                integer not null default 0,
    updated_at_us           integer not null
) strict;

create table stage_executions (
    execution_id              text primary key,
    session_id                text not null references alert_sessions (session_id) on delete cascade,
    stage_id                  text not null,
    stage_index               integer not null check (stage_index >= 0),
    stage_name                text not null,
    agent                     text not null,
    status                    text not null
        check (status in ('pending', 'active', 'paused', 'completed', 'failed', 'cancelled', 'timed_out', 'partial')),
    started_at_us             integer check (started_at_us >= 0),
    completed_at_us           integer check (completed_at_us >= 0),
    duration_ms               integer,
    parent_stage_execution_id text references stage_executions (execution_id) on delete cascade,
    parallel_index            integer,
    parallel_type             text,
    created_at_us             integer not null,
    content_digest            text not null,
    error_message             text,
    initial_state             text,
    stage_output              text
) strict;

create table llm_interactions (
    interaction_id     text primary key,
    session_id         text not null references alert_sessions (session_id) on delete cascade,
    stage_execution_id text references stage_executions (execution_id) on delete cascade,
    timestamp_us       integer not null check (timestamp_us >= 0),
    duration_ms        integer,
    success            integer not null check (success in (0, 1)),
    model_name         text not null,
    provider           text,
    temperature        real,
    input_tokens       integer,
    output_tokens      integer,
    total_tokens       integer,
    interaction_type   text
        check (interaction_type in ('investigation', 'summarization', 'final_analysis', 'forced_conclusion')),
    step_description   text,
    request_id         text,
    mcp_event_id       text,
    size_bytes         integer not null,
    created_at_us      integer not null,
    content_digest     text not null,
    error_message      text,
    thinking_content   text,
    response_metadata  text,
    conversation       text not null
) strict;

create table mcp_communications (
    communication_id   text primary key,
    session_id         text not null references alert_sessions (session_id) on delete cascade,
    stage_execution_id text references stage_executions (execution_id) on delete cascade,
    timestamp_us       integer not null check (timestamp_us >= 0),
    duration_ms        integer,
    success            integer not null check (success in (0, 1)),
    server_name        text not null,
    communication_type text not null check (communication_type in ('tool_list', 'tool_call')),
    tool_name          text not null default '',
    step_description   text,
    request_id         text,
    size_bytes         integer not null,
    created_at_us      integer not null,
    content_digest     text not null,
    error_message      text,
    tool_arguments     text,
    available_tools    text,
    tool_result        text
) strict;

-- What was done to the record itself; it outlives what it speaks of, so nothing is referenced.
create table audit_entries (
    entry_id       text primary key,
    at_us          integer not null,
    action         text not null check (action in ('session_deleted')),
    session_id     text not null,
    correlation_id text,
    detail         text not null
) strict;
create index ix_audit_entries_at on audit_entries (at_us, entry_id);
create index ix_audit_entries_session on audit_entries (session_id, at_us);

-- The list, in each of its orders and under each of its filters. What may be unknown sorts lowest.
create index ix_alert_sessions_started on alert_sessions (started_at_us, session_id);
create index ix_alert_sessions_status_started on alert_sessions (status, started_at_us, session_id);
create index ix_alert_sessions_alert_type_started on alert_sessions (alert_type, started_at_us, session_id);
create index ix_alert_sessions_agent_type_started on alert_sessions (agent_type, started_at_us, session_id);
create index ix_alert_sessions_chain_started on alert_sessions (chain_id, started_at_us, session_id);
create index ix_alert_sessions_status on alert_sessions (status, session_id);
create index ix_alert_sessions_agent_type on alert_sessions (agent_type, session_id);
create index ix_alert_sessions_alert_type on alert_sessions (coalesce(alert_type, ''), session_id);
create index ix_alert_sessions_completed on alert_sessions (coalesce(completed_at_us, -9223372036854775807), session_id);
create index ix_alert_sessions_duration on alert_sessions (coalesce(duration_ms, -9223372036854775807), session_id);
create index ix_alert_sessions_active on alert_sessions (started_at_us, session_id)
    where status in ('pending', 'in_progress', 'paused', 'canceling');
create index ix_session_totals_tokens on session_totals (coalesce(session_total_tokens, -9223372036854775807), session_id);

-- One session in its order, and every foreign key for deletes.
create index ix_stage_executions_session on stage_executions (session_id, stage_index, execution_id);
create index ix_stage_executions_parent on stage_executions (parent_stage_execution_id);
create index ix_llm_interactions_session on llm_interactions (session_id, timestamp_us, interaction_id);
create index ix_llm_interactions_stage on llm_interactions (stage_execution_id);
create index ix_mcp_communications_session on mcp_communications (session_id, timestamp_us, communication_id);
create index ix_mcp_communications_stage on mcp_communications (stage_execution_id);

-- A terminal status is final, whoever writes.
create trigger tr_alert_sessions_status_is_final before update of status on alert_sessions
    for each row when old.status in ('completed', 'failed', 'cancelled', 'timed_out') and new.status <> old.status
begin
    select raise(abort, 'a terminal status is final');
end;
create trigger tr_stage_executions_status_is_final before update of status on stage_executions
    for each row when old.status in ('completed', 'failed', 'cancelled', 'timed_out', 'partial') and new.status <> old.status
begin
    select raise(abort, 'a terminal status is final');
end;
