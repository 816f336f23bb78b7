-- The last day of which those who answer were reminded: before it, and once it was over. A new
-- last day is brought to mind anew.
alter table data_request add column near_told_for text;
alter table data_request add column late_told_for text;
