insert ignore into set_aside (sweep_id, slice_id, hash, reason)
values (:#${variable.reading.slice.sweepId}, :#${variable.reading.slice.id}, :#${body.hash}, :#${body.reason})
