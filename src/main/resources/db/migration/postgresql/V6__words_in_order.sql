-- What was noted of records, and what SQLite has for an index, is written otherwise from now on: entries are made anew.
insert into search_renewals (session_id, wrong) select session_id, true from alert_sessions where true
    on conflict (session_id) do update set wrong = excluded.wrong;

-- A long tsvector begins with numbers, at which its compression gives up: it was tried for nothing.
alter table search_sessions alter column lexemes set storage external;
