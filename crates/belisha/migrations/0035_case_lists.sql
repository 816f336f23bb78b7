-- What waits for somebody is found by what is to be done, not among all cases.
create index incident_acknowledged_by on incident (acknowledged_by) where is_open;
create index incident_assignment_owner on incident_assignment (owner);
create index incident_action_due on incident_action (due_on) where done_at is null;
