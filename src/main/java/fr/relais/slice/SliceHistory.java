package fr.relais.slice;

import fr.relais.database.UtcTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The slices of the newest sweeps, for reading only. When a sweep ends, the slices of all earlier sweeps are deleted.
 */
public final class SliceHistory {

    /** The maximum number of slices that are returned. The largest known base has a few hundred. */
    private static final int MAX_SLICES = 5_000;

    private final JdbcClient jdbc;

    public SliceHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Returns the slices of a sweep in the order in which they were planned; none for a sweep whose slices were
     * deleted.
     */
    public List<SliceSummary> of(long sweepId) {
        return jdbc.sql("""
                select id, origine, created_from, created_to, facets, expected, total, state, reason, read_from, read_to
                from slice where sweep_id = :sweep order by id limit :max""")
                .param("max", MAX_SLICES)
                .param("sweep", sweepId)
                .query((row, number) -> new SliceSummary(
                        row.getLong("id"),
                        row.getString("origine"),
                        UtcTime.instant(row, "created_from"),
                        UtcTime.instant(row, "created_to"),
                        row.getString("facets"),
                        row.getObject("expected", Integer.class),
                        row.getObject("total", Integer.class),
                        SliceState.of(row.getString("state")),
                        row.getString("reason"),
                        UtcTime.instant(row, "read_from"),
                        UtcTime.instant(row, "read_to")))
                .list();
    }
}
