-- What a school of many years needs so that its pages stay as quick as in its first.
create index notice_unread on notice (person, made_at) where read_at is null;
create index job_kind on job (kind, finished_at);
create index incident_about_adults on incident (id) where kind <> 'pupil-welfare' and kind <> 'child-protection';
create index notice_object on notice (object, person);
