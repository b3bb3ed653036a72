-- By which words a session is found. What was written lately stands apart until its session comes to rest.

-- One row a session. Its lexemes are each word, part of a word and pair of words of all its texts.
create table search_sessions (
    session_no    bigint generated always as identity primary key,
    session_id    text collate "C" not null unique references alert_sessions (session_id) on delete cascade,
    cut_bodies    bigint not null default 0,
    settled_at_us bigint,
    lexemes       tsvector
) with (toast_tuple_target = 128);
create index ix_search_sessions_lexemes on search_sessions using gin (lexemes);

-- The first that match, always by the index: reading every row is never right here, whatever the statistics say.
create function search_matches(question tsquery, most bigint) returns setof bigint
    language sql stable parallel restricted set enable_seqscan = off
    as $$ select session_no from search_sessions where lexemes @@ question limit most $$;

-- Of which sessions only a part is in the index.
create index ix_search_sessions_cut on search_sessions (session_no) where cut_bodies > 0;

-- The lexemes of each text that was written since its session was settled.
create table search_recent (
    session_id text collate "C" not null references alert_sessions (session_id) on delete cascade,
    document   text collate "C" not null,
    at_us      bigint not null,
    cut        bigint not null default 0,
    lexemes    text not null,
    primary key (session_id, document)
);
alter table search_recent alter column lexemes set storage external;
alter table search_recent set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.2);

-- Sessions whose row above is to be made anew from their texts; wrong says that it is missing or says too much.
create table search_renewals (
    session_id text collate "C" primary key references alert_sessions (session_id) on delete cascade,
    wrong      boolean not null default false
);
create index ix_search_renewals_wrong on search_renewals (session_id) where wrong;
alter table search_renewals set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.2);

-- The version of the rules by which texts were taken apart.
create table search_rules (
    rules bigint primary key
);

insert into search_sessions (session_id) select session_id from alert_sessions order by started_at_us, session_id;
insert into search_renewals (session_id, wrong) select session_id, true from alert_sessions;
