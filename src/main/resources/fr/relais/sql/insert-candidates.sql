insert ignore into removal (sweep_id, offer_id, outcome)
select :#${variable.sweep.id}, id, if(origine in (:#in:${variable.sweep.origines}), 'pending', 'out of scope')
from offer
where id not in (
  select seen.id
  from sighting,
    json_table(offer_ids, '$[*]' columns (id varchar(64) character set ascii collate ascii_bin path '$')) seen
  where sweep_id = :#${variable.sweep.id})
