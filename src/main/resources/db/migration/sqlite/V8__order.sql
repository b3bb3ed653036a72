-- Where each session stands in the list by its start, in rows that are short: to look up a session for that is to read
-- a page for each.
create table search_order (
    session_no    integer primary key references search_sessions (session_no) on delete cascade,
    session_id    text not null,
    started_at_us integer not null
) strict;
insert into search_order (session_no, session_id, started_at_us)
    select x.session_no, x.session_id, s.started_at_us
    from search_sessions x indexed by ix_search_sessions_number join alert_sessions s on s.session_id = x.session_id
    order by x.session_no;
create index ix_search_order_started on search_order (started_at_us, session_id, session_no);
drop index ix_search_sessions_number;

create trigger tr_search_sessions_order after insert on search_sessions
begin
    insert into search_order (session_no, session_id, started_at_us)
        select new.session_no, s.session_id, s.started_at_us from alert_sessions s where s.session_id = new.session_id;
end;
