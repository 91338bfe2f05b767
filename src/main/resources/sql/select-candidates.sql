select r.offer_id, r.outcome from removal r
where r.sweep_id = :#${variable.sweep.id}
  and r.outcome = :#${variable.candidates}
  and (r.outcome = 'pending' or exists (select 1 from offer o where o.id = r.offer_id))
