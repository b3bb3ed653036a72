-- The index is given the words of a session in their order instead of each word and each pair of words: it then knows
-- itself which follow one another, has half as much to keep, and a third as much to do.
drop trigger tr_search_sessions_insert;
drop trigger tr_search_sessions_update;
drop trigger tr_search_sessions_delete;
drop table search_index;

update search_sessions set lexemes = null, settled_at_us = null;
insert into search_renewals (session_id, wrong) select session_id, 1 from alert_sessions where true
    on conflict (session_id) do update set wrong = excluded.wrong;

create virtual table search_index using fts5 (
    lexemes, content = 'search_sessions', content_rowid = 'session_no', detail = full, columnsize = 0, tokenize = 'ascii');
insert into search_index (search_index, rank) values ('automerge', 8);
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
