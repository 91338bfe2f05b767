insert into modification (offer_id, sweep_id)
select o.id, o.changed_sweep
from json_table(:#${variable.changes.seen}, '$[*]' columns (id varchar(64) character set ascii path '$')) seen
join offer o on o.id = seen.id and o.changed_sweep = :#${variable.sweepId}
on duplicate key update sweep_id = values(sweep_id)
