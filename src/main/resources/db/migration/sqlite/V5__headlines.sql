-- The line by which a person recognises each alert, decided when the session is written; null where nothing is said.
-- Apart from the wide row, whose last columns lie behind everything long, and from the totals, which are rewritten with
-- every interaction. Sessions from before have no row here.
create table session_headlines (
    session_id text primary key references alert_sessions (session_id) on delete cascade,
    headline   text
) strict;
