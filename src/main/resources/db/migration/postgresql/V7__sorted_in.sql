-- GIN puts what is new into a list beside the index, which every question reads from end to end. Whoever makes the list
-- too long has to sort it in, but not while autovacuum does that, slowly: then it grew by gigabytes while many sessions
-- were brought in. We sort in each bundle ourselves, and no other statement has to.
alter index ix_search_sessions_lexemes set (gin_pending_list_limit = 65536);

-- Only the owner of an index may ask for it, which a server need not be.
create function search_sort_in() returns bigint
    language sql security definer set search_path from current
    as $$ select gin_clean_pending_list('ix_search_sessions_lexemes'::regclass) $$;

-- Those of a range of numbers that match, by both indexes: looking at its rows means to read all of their words.
create function search_matches_between(first bigint, last bigint, question tsquery) returns setof bigint
    language sql stable parallel restricted set enable_seqscan = off set enable_indexscan = off
    as $$ select session_no from search_sessions where session_no between first and last and lexemes @@ question $$;

-- autovacuum must not hold us up when it comes first
alter table search_sessions set (autovacuum_vacuum_cost_delay = 0);
