insert ignore into sighting (sweep_id, offer_id)
select :#${variable.sweepId}, id
from json_table(:#${variable.changes.seen}, '$[*]' columns (id varchar(64) character set ascii path '$')) seen
