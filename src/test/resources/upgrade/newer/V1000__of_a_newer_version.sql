-- Stands for what some later version adds.
alter table alert_sessions add column of_a_newer_version text;
create table things_of_a_newer_version (
    session_id text primary key references alert_sessions (session_id) on delete cascade
);
insert into things_of_a_newer_version (session_id) select session_id from alert_sessions;
