insert ignore into removal (sweep_id, offer_id, outcome)
select :#${variable.sweep.id}, o.id, if(o.origine in (:#in:${variable.sweep.origines}), 'pending', 'out of scope')
from offer o
where not exists (select 1 from sighting s where s.sweep_id = :#${variable.sweep.id} and s.offer_id = o.id)
