package fr.relais.sweep;

import java.time.Instant;
import java.util.List;

/**
 * One reading of the whole base.
 *
 * @param id key in the table {@code sweep}
 * @param startedAt when it began: the date of the mirror once the sweep is proved
 * @param origines the origins in scope
 * @param fence of the lease under which this process runs it
 */
public record Sweep(long id, Instant startedAt, List<String> origines, long fence) {}
