package fr.relais;

import fr.relais.changelog.Changelog;
import fr.relais.duty.Duties;
import fr.relais.events.Outbox;
import fr.relais.evidence.AuditPack;
import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;
import fr.relais.ledger.Ledger;
import fr.relais.licence.LicenceRegister;
import fr.relais.report.MonthlyReport;
import fr.relais.report.MonthlyReports;
import fr.relais.routes.RouteFigures;
import fr.relais.seal.Seal;
import fr.relais.slice.SliceHistory;
import fr.relais.source.Account;
import fr.relais.sweep.Certificates;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.Progress;
import fr.relais.sweep.SweepHistory;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.Sweeps;
import fr.relais.views.Views;
import fr.relais.watch.Watch;
import fr.relais.wipe.Residue;
import fr.relais.wipe.Wipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.FluentProducerTemplate;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessException;

/**
 * The handle of the pipeline in a Camel context. The context may be that of Relais's own Spring Boot application or of
 * any other host. {@link #addTo} adds the pipeline and returns the handle.
 */
public final class Relais {

    /** The name of the bean in the registry. */
    static final String HANDLE = "relais";

    private final CamelContext camel;
    private final Relais overPipeline;
    private final Sweeps sweeps;
    private final Counters counters;
    private final SweepHistory history;
    private final SliceHistory slices;
    private final Freshness freshness;
    private final Account account;
    private final Views views;
    private final MonthlyReports reports;
    private final Changelog changelog;
    private final Outbox outbox;
    private final Watch watch;
    private final Ledger ledger;
    private final LicenceRegister licence;
    private final Certificates certificates;
    private final Duties duties;
    private final RouteFigures routes;

    /** @param overPipeline see {@link #overPipeline}; null if the connections are already those of the pipeline */
    Relais(
            CamelContext camel,
            Relais overPipeline,
            Sweeps sweeps,
            Counters counters,
            SweepHistory history,
            SliceHistory slices,
            Freshness freshness,
            Account account,
            Views views,
            MonthlyReports reports,
            Changelog changelog,
            Outbox outbox,
            Watch watch,
            Ledger ledger,
            LicenceRegister licence,
            Certificates certificates,
            Duties duties,
            RouteFigures routes) {
        this.camel = camel;
        this.overPipeline = overPipeline;
        this.sweeps = sweeps;
        this.counters = counters;
        this.history = history;
        this.slices = slices;
        this.freshness = freshness;
        this.account = account;
        this.views = views;
        this.reports = reports;
        this.changelog = changelog;
        this.outbox = outbox;
        this.watch = watch;
        this.ledger = ledger;
        this.licence = licence;
        this.certificates = certificates;
        this.duties = duties;
        this.routes = routes;
    }

    /** Returns the pipeline of a context; empty when {@link #addTo} has not added it yet. */
    public static Optional<Relais> of(CamelContext camel) {
        return Optional.ofNullable(camel.getRegistry().lookupByNameAndType(HANDLE, Relais.class));
    }

    /**
     * Adds the routes with their beans, and migrates the database to the current schema. The routes start with the
     * context. Everything is checked before the first write, except the SQL of route files, which needs the tables. A
     * call of a {@code direct:} address without a route fails the start of the context and not this method, because the
     * host may still add the route.
     *
     * @param camel a context that has not been started
     * @param dataSource MariaDB 10.11 or later, with at least {@code relais.source.concurrency} + 5 connections in
     *     auto-commit mode
     * @param given settings by their full name, as listed in {@code relais.properties}; the others have their default
     * @return the handle of the pipeline
     * @throws NotAdded when the context has been started, when Camel is too old, when libraries would log secrets or
     *     offers, when the database cannot be used or has foreign tables, when a setting is unknown, missing or
     *     unusable, or when a route file has a mistake. A context that has a part of the pipeline by then, for example
     *     after a mistake in a route file or a failed migration, can no longer be started.
     */
    public static Relais addTo(CamelContext camel, DataSource dataSource, Map<String, String> given) {
        return addTo(camel, dataSource, dataSource, given);
    }

    /**
     * Adds the pipeline like {@link #addTo(CamelContext, DataSource, Map)}, with separate connections for the work that
     * visitors wait for. Then neither the visitors nor the pipeline can use up all connections. The separate
     * connections can have short timeouts, although the pipeline has statements that take minutes.
     *
     * @param webDataSource the connections that count views, and those of the queries of the handle, such as {@link
     *     #freshness()}
     */
    public static Relais addTo(
            CamelContext camel, DataSource dataSource, DataSource webDataSource, Map<String, String> given) {
        return addTo(camel, dataSource, webDataSource, given, Clock.systemUTC());
    }

    /** The refusal to add the pipeline. The message says what is wrong and what to do. */
    public static final class NotAdded extends IllegalStateException {

        private static final long serialVersionUID = 1L;

        public NotAdded(RelaisException reason) {
            this(reason.getMessage() + "\n" + reason.remedy(), reason);
        }

        private NotAdded(String reason, RuntimeException cause) {
            super("Relais cannot be added: " + reason, cause);
        }
    }

    static Relais addTo(
            CamelContext camel,
            DataSource dataSource,
            DataSource webDataSource,
            Map<String, String> given,
            Clock clock) {
        try {
            return Addition.add(camel, dataSource, webDataSource, given, clock);
        } catch (RelaisException e) {
            throw new NotAdded(e);
        } catch (DataAccessException | FlywayException e) {
            throw new NotAdded(
                    "the database cannot be used: " + Failures.describe(e)
                            + "\nCheck the DataSource. Relais needs MariaDB 10.11 or later.",
                    e);
        }
    }

    /**
     * Sweeps once, and waits until the sweep has ended.
     *
     * @return the result, or null when a sweep is already running on this database
     * @throws CamelExecutionException when the sweep cannot start or end, with the failure as its cause
     */
    public SweepSummary sweep() {
        return request("direct:relais-sweep", null, SweepSummary.class);
    }

    /**
     * Removes the candidates of a held sweep; otherwise like {@link #sweep()}.
     *
     * @param person the name of the person who approves, or null
     */
    public SweepSummary approveRemovals(long sweepId, String person) {
        return request("direct:relais-approve-removals", sweepId, person, SweepSummary.class);
    }

    /**
     * Begins to remove the candidates of a held sweep, and returns while they are being removed in the background. The
     * outcome is the state of the sweep in {@link #sweeps()}. A failure is its reason, or logged.
     *
     * @param person the name of the person who approves, or null
     * @return false when another sweep is running, so that nothing has begun
     * @throws CamelExecutionException when the sweep is not held or the database fails, with the failure as its cause
     */
    public boolean startRemovals(long sweepId, String person) {
        return request("direct:relais-start-removals", sweepId, person, Boolean.class);
    }

    /**
     * Ends a held sweep as refused, and removes none of its candidates. The next sweep finds its candidates anew.
     *
     * @param person the name of the person who refuses, or null; it becomes part of the reason
     * @throws CamelExecutionException when the sweep is not held or the database fails, with the failure as its cause
     */
    public SweepSummary refuseRemovals(long sweepId, String person) {
        return request("direct:relais-refuse-removals", sweepId, person, SweepSummary.class);
    }

    /**
     * Makes one search call to the source, so that a wrong setting is noticed at the start and not only by the first
     * sweep, some hours later.
     *
     * @throws CamelExecutionException when the source gives no usable answer or refuses the account
     */
    public void checkSource() {
        request("direct:relais-check-source", null, Object.class);
    }

    /** Sends a prepared report by mail. A failure to send is recorded in the state of the report and not thrown. */
    public void send(MonthlyReport report) {
        request("direct:relais-send-report", report, Object.class);
    }

    /**
     * Records an event for every offer of the mirror, so that a receiver can start over. The events are delivered while
     * the pipeline runs.
     *
     * @return the number of offers
     * @throws CamelExecutionException when {@code relais.events.uri} is empty, when no sweep has been proved yet, or
     *     when the database fails, with the failure as its cause
     */
    public long replayEvents() {
        return request("direct:relais-replay-events", null, Long.class);
    }

    private <T> T request(String endpoint, Object body, Class<T> resultType) {
        return request(endpoint, body, null, resultType);
    }

    private <T> T request(String endpoint, Object body, String person, Class<T> resultType) {
        try (FluentProducerTemplate producer = camel.createFluentProducerTemplate()) {
            return producer.withBody(body)
                    .withVariable("person", person)
                    .to(endpoint)
                    .request(resultType);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the past and current sweeps. */
    public SweepHistory sweeps() {
        return history;
    }

    /** Returns what this process has done since its start. */
    public Counters counters() {
        return counters;
    }

    /** Returns the slices of the newest sweeps. */
    public SliceHistory slices() {
        return slices;
    }

    /** Returns the progress of the current sweep. */
    public Progress progress() {
        return history.progress(sweeps.calls());
    }

    /** Returns the freshness of the mirror. */
    public Freshness freshness() {
        return freshness;
    }

    /** Returns the state of the account at the source. */
    public Account account() {
        return account;
    }

    /** Returns the bean that counts views. */
    public Views views() {
        return views;
    }

    /** Returns the monthly reports. */
    public MonthlyReports reports() {
        return reports;
    }

    /**
     * Returns this handle with the queries of {@link #sweeps}, {@link #freshness}, {@link #reports}, {@link
     * #changelog}, {@link #ledger}, {@link #certificates} and {@link #duties} over the pipeline's connections, for
     * programs that no visitor waits for. The connections for visitors have a short timeout, and a query that exceeds
     * it can make visitors wait, too.
     */
    public Relais overPipeline() {
        return overPipeline == null ? this : overPipeline;
    }

    /** Returns the changelog. */
    public Changelog changelog() {
        return changelog;
    }

    /** Returns the events that wait for delivery. */
    public Outbox outbox() {
        return outbox;
    }

    /** Returns the watch, which decides about alerts. */
    public Watch watch() {
        return watch;
    }

    /** Returns the ledger of what Relais did. */
    public Ledger ledger() {
        return ledger;
    }

    /** Returns the register of notices about the licence and the API. */
    public LicenceRegister licence() {
        return licence;
    }

    /** Returns the audit pack, which is best written over the pipeline's connections. */
    public AuditPack auditPack() {
        return new AuditPack(ledger, certificates, changelog);
    }

    /** Returns the certificates of the proved sweeps. */
    public Certificates certificates() {
        return certificates;
    }

    /** Returns the duties of the licence with their states. */
    public Duties duties() {
        return duties;
    }

    /** Returns the seal, which ends the use of the mirror. */
    public Seal seal() {
        return camel.getRegistry().lookupByNameAndType("relaisSeal", Seal.class);
    }

    /** Returns the wipe, which removes everything but the evidence. */
    public Wipe wipe() {
        return camel.getRegistry().lookupByNameAndType("relaisWipe", Wipe.class);
    }

    /** Returns the search for what should be gone. */
    public Residue residue() {
        return camel.getRegistry().lookupByNameAndType("relaisResidue", Residue.class);
    }

    /** Returns the routes of the route files and what they have done. */
    public RouteFigures routes() {
        return routes;
    }
}
