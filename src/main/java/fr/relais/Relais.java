package fr.relais;

import fr.relais.changelog.Changelog;
import fr.relais.changelog.Method;
import fr.relais.changelog.Migration;
import fr.relais.failure.RelaisException;
import fr.relais.report.MonthlyReport;
import fr.relais.report.MonthlyReports;
import fr.relais.routes.RouteFiles;
import fr.relais.settings.InvalidSetting;
import fr.relais.settings.Settings;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.Progress;
import fr.relais.sweep.RestoreFence;
import fr.relais.sweep.SweepHistory;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.Sweeps;
import fr.relais.views.Views;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The pipeline in a Camel context: an ESB's as well as that of our own Spring Boot application. {@link #addTo} adds it, and returns the
 * handle by which a host works with it.
 */
public final class Relais {

    /** The name of the bean. */
    static final String HANDLE = "relais";

    private static final Logger LOG = LoggerFactory.getLogger(Relais.class);

    private final CamelContext camel;
    private final Sweeps sweeps;
    private final SweepHistory history;
    private final Freshness freshness;
    private final Account account;
    private final Views views;
    private final MonthlyReports reports;
    private final Changelog changelog;

    Relais(
            CamelContext camel,
            Sweeps sweeps,
            SweepHistory history,
            Freshness freshness,
            Account account,
            Views views,
            MonthlyReports reports,
            Changelog changelog) {
        this.camel = camel;
        this.sweeps = sweeps;
        this.history = history;
        this.freshness = freshness;
        this.account = account;
        this.views = views;
        this.reports = reports;
        this.changelog = changelog;
    }

    /** The pipeline of a context; nothing when {@link #addTo} has not added it yet. */
    public static Optional<Relais> of(CamelContext camel) {
        return Optional.ofNullable(camel.getRegistry().lookupByNameAndType(HANDLE, Relais.class));
    }

    /**
     * Brings the database to the present schema and adds the routes with their beans; the routes start with the context.
     *
     * @param camel a context that has not been started
     * @param dataSource MariaDB 10.11 or later, with at least {@code relais.source.concurrency} + 5 connections in auto-commit mode
     * @param given settings by their full name, as listed in {@code relais.properties}; the rest has its default
     * @throws InvalidSetting when a setting is missing or unusable
     * @throws RelaisException for a mistake in a route file or in a setting that a route uses, with its place and a remedy; when
     *     connections would lose or cut off what is written. Calls of a {@code direct:} address that has no route stop the start of the
     *     context, since the host may still add the route
     */
    public static Relais addTo(CamelContext camel, DataSource dataSource, Map<String, String> given) {
        return addTo(camel, dataSource, given, Clock.systemUTC());
    }

    static Relais addTo(CamelContext camel, DataSource dataSource, Map<String, String> given, Clock clock) {
        Settings settings = Settings.of(given);
        JdbcClient jdbc = JdbcClient.create(dataSource);
        DatabaseCheck.require(jdbc);
        Flyway.configure(Relais.class.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:fr/relais/db/migration")
                .table("relais_schema_history")
                // The schema may have tables of others, which are none of our business.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
        Relais relais = addPipeline(camel, dataSource, settings, clock, Migration.applied(jdbc));
        camel.getRegistry()
                .lookupByNameAndType("restoreFence", RestoreFence.class)
                .check();
        DatabaseCheck.warnings(jdbc)
                .forEach(warning -> LOG.warn(
                        "Of a removed offer nothing may stay (licence, article 7), and the database server's {}",
                        warning));
        return relais;
    }

    /** Adds routes and beans, and checks them; of the database it needs no more than what the routes of a folder ask for. */
    static Relais addPipeline(
            CamelContext camel, DataSource dataSource, Settings settings, Clock clock, List<Migration> migrations) {
        camel.getPropertiesComponent().setOverrideProperties(settings.placeholders());
        RouteFiles files = RouteFiles.load(camel, settings.routes());
        Method method = Method.of(
                Relais.class.getPackage().getImplementationVersion(),
                settings.published(),
                migrations,
                files.described(),
                files.transformations());
        Relais relais = PipelineBeans.bind(camel, dataSource, settings, clock, method, files.isTransforming());
        files.check();
        return relais;
    }

    /**
     * Sweeps once. Returns when the sweep has ended; null when another process is sweeping this database.
     *
     * @throws CamelExecutionException with the failure as its cause
     */
    public SweepSummary sweep() {
        return request("direct:sweep", null, SweepSummary.class);
    }

    /** Lets a held sweep remove what it holds; otherwise as {@link #sweep()}. */
    public SweepSummary approveRemovals(long sweepId) {
        return request("direct:approve-removals", sweepId, SweepSummary.class);
    }

    /**
     * Asks the source for one offer, so that a wrong setting is noticed at the start and not by the first sweep some hours later.
     *
     * @throws CamelExecutionException when the source gives no answer or refuses the account
     */
    public void checkSource() {
        request("direct:check-source", null, Object.class);
    }

    /** Mails a report that is prepared; its state tells afterwards what the mail server said. */
    public void send(MonthlyReport report) {
        request("direct:send-report", report, Object.class);
    }

    private <T> T request(String endpoint, Object body, Class<T> answer) {
        return camel.createFluentProducerTemplate().to(endpoint).withBody(body).request(answer);
    }

    /** The sweeps, past and under way. */
    public SweepHistory sweeps() {
        return history;
    }

    /** How far the sweep under way is. */
    public Progress progress() {
        return sweeps.progress();
    }

    /** How old the mirror is. */
    public Freshness freshness() {
        return freshness;
    }

    /** What the source thinks of the account. */
    public Account account() {
        return account;
    }

    /** The views of offers. */
    public Views views() {
        return views;
    }

    /** The monthly reports. */
    public MonthlyReports reports() {
        return reports;
    }

    /** The changelog. */
    public Changelog changelog() {
        return changelog;
    }
}
