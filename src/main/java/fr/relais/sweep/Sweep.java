package fr.relais.sweep;

import java.time.Instant;
import java.util.List;

/**
 * One reading of the whole base.
 *
 * @param id the key in the table {@code sweep}
 * @param startedAt the start of the sweep, which becomes the date of the mirror once the sweep is proved
 * @param origines the origins that the sweep reads
 * @param fence the fence of the lease under which this process runs the sweep
 */
public record Sweep(long id, Instant startedAt, List<String> origines, long fence) {}
