-- By which words a session is found. What was written lately stands apart until its session comes to rest.

-- One row a session. Its lexemes are each word, part of a word and pair of words of all its texts, between blanks.
create table search_sessions (
    session_no    integer primary key autoincrement,
    session_id    text not null unique references alert_sessions (session_id) on delete cascade,
    cut_bodies    integer not null default 0,
    settled_at_us integer,
    lexemes       text
) strict;

-- The index over them. Only whether a word is there is kept: where it stands is read from the texts themselves.
create virtual table search_index using fts5 (
    lexemes, content = 'search_sessions', content_rowid = 'session_no', detail = none, columnsize = 0, tokenize = 'ascii');
create trigger tr_search_sessions_insert after insert on search_sessions when new.lexemes is not null
begin
    insert into search_index (rowid, lexemes) values (new.session_no, new.lexemes);
end;
create trigger tr_search_sessions_update after update of lexemes on search_sessions
begin
    insert into search_index (search_index, rowid, lexemes)
        select 'delete', old.session_no, old.lexemes where old.lexemes is not null;
    insert into search_index (rowid, lexemes) select new.session_no, new.lexemes where new.lexemes is not null;
end;
create trigger tr_search_sessions_delete after delete on search_sessions when old.lexemes is not null
begin
    insert into search_index (search_index, rowid, lexemes) values ('delete', old.session_no, old.lexemes);
end;

-- Of which sessions only a part is in the index.
create index ix_search_sessions_cut on search_sessions (session_no) where cut_bodies > 0;

-- The lexemes of each text that was written since its session was settled.
create table search_recent (
    session_id text not null references alert_sessions (session_id) on delete cascade,
    document   text not null,
    at_us      integer not null,
    cut        integer not null default 0,
    lexemes    text not null,
    primary key (session_id, document)
) strict;

-- Sessions whose row above is to be made anew from their texts; wrong says that it is missing or says too much.
create table search_renewals (
    session_id text primary key references alert_sessions (session_id) on delete cascade,
    wrong      integer not null default 0 check (wrong in (0, 1))
) strict;
create index ix_search_renewals_wrong on search_renewals (session_id) where wrong;

-- The version of the rules by which texts were taken apart.
create table search_rules (
    rules integer primary key
) strict;

insert into search_sessions (session_id) select session_id from alert_sessions order by started_at_us, session_id;
insert into search_renewals (session_id, wrong) select session_id, 1 from alert_sessions;
