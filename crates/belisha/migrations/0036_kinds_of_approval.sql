-- Which kinds of approval there are is declared in the program, each in a file of its own; a list of
-- them here would have to be changed with every kind.
alter table approval add column of_kind text not null default '';
update approval set of_kind = kind;
alter table approval drop column kind;
alter table approval rename column of_kind to kind;
