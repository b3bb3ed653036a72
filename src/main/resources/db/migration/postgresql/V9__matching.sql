-- The sessions that match, by their ids, which stand in the same rows as their words: where thousands match, to look
-- each up by its number elsewhere takes longer than to find it.
create function search_matching(question tsquery, most bigint) returns setof text
    language sql stable parallel restricted rows 10000 set enable_seqscan = off
    as $$ select session_id from search_sessions where lexemes @@ question limit most $$;
