package fr.relais.web.console;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import fr.relais.Relais;
import fr.relais.report.MonthlyReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The reports of the last months. Adding up the views of a large open month takes seconds, so it is done in the
 * background, over the pipeline's connections. Visitors' connections have too short a timeout.
 */
final class RecentReports {

    private static final int MONTHS = 13;

    /** How long the console waits for the totals. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(1);

    private final AsyncLoadingCache<Relais, List<MonthlyReport>> counted = Caffeine.newBuilder()
            .refreshAfterWrite(Duration.ofSeconds(5))
            .expireAfterWrite(Duration.ofMinutes(1))
            .buildAsync(RecentReports::count);

    /**
     * The reports, newest first.
     *
     * @param isCounted whether open months have totals, up to a minute old; false when these are not known in time
     */
    record Reading(List<MonthlyReport> reports, boolean isCounted) {}

    Reading read(Relais relais) {
        try {
            List<MonthlyReport> reports = counted.get(relais).get(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (reports != null) {
                return new Reading(reports, true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // The console shows the reports without totals.
        }
        return new Reading(relais.reports().lastStored(MONTHS), false);
    }

    /** Returns null after a failure. Caffeine would log an exception with its text, which may quote an offer. */
    private static List<MonthlyReport> count(Relais relais) {
        try {
            return relais.pipelineReports().last(MONTHS);
        } catch (RuntimeException e) {
            return null;
        }
    }
}
