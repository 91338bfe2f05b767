select r.offer_id, r.outcome from removal r
where r.sweep_id = :#${variable.sweep.id}
  and (r.outcome = 'pending'
    or r.outcome = 'out of scope' and exists (select 1 from offer o where o.id = r.offer_id))
