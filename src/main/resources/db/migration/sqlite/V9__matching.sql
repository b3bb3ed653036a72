-- What PostgreSQL needs here, FTS5 does by itself: the versions of both databases stay the same.
select 1;
