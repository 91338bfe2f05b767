insert ignore into set_aside (sweep_id, slice_id, hash, reason)
values (:#${variable.sweepId}, :#${variable.sliceId}, :#${body.hash}, :#${body.reason})
