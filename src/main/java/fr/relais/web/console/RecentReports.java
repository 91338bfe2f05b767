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
            .buildAsync(relais -> relais.slowReports().last(MONTHS));

    /**
     * The reports, newest first.
     *
     * @param isCounted whether open months have totals, up to a minute old; false when these are not known in time
     */
    record Reading(List<MonthlyReport> reports, boolean isCounted) {}

    Reading read(Relais relais) {
        try {
            return new Reading(counted.get(relais).get(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS), true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // Caffeine logs a failure. The console shows the rest.
        }
        return new Reading(relais.reports().lastStored(MONTHS), false);
    }
}
