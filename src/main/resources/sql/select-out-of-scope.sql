select o.id from offer o
join removal r on r.offer_id = o.id
where r.sweep_id = :#${variable.sweep.id} and r.outcome = 'out of scope'
