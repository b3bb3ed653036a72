-- Where each session stands in the list by its start, in rows that are short: to look up a session for that is to read
-- a page for each.
create table search_order (
    session_no    bigint primary key references search_sessions (session_no) on delete cascade,
    session_id    text collate "C" not null,
    started_at_us bigint not null
);
insert into search_order (session_no, session_id, started_at_us)
    select x.session_no, x.session_id, s.started_at_us
    from search_sessions x join alert_sessions s on s.session_id = x.session_id
    order by x.session_no;
create index ix_search_order_started on search_order (started_at_us, session_id, session_no);
-- read by its index alone where it was vacuumed
alter table search_order set (autovacuum_vacuum_insert_scale_factor = 0.05);

create function search_order_begin() returns trigger language plpgsql set search_path from current as $$
begin
    insert into search_order (session_no, session_id, started_at_us)
        select new.session_no, s.session_id, s.started_at_us from alert_sessions s where s.session_id = new.session_id;
    return null;
end $$;
create trigger tr_search_sessions_order after insert on search_sessions
    for each row execute function search_order_begin();

-- Those of a few numbers that match, by reading their words: where many sessions match, that is less than an index has
-- to say of all of them.
create function search_matches_among(numbers bigint[], question tsquery) returns setof bigint
    language sql stable parallel restricted set enable_seqscan = off set enable_bitmapscan = off
    as $$ select session_no from search_sessions where session_no = any (numbers) and lexemes @@ question $$;
