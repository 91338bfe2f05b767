package fr.relais;

import fr.relais.changelog.Changelog;
import fr.relais.changelog.Method;
import fr.relais.changelog.Migration;
import fr.relais.failure.FailureMessages;
import fr.relais.failure.RelaisException;
import fr.relais.offer.Comparison;
import fr.relais.report.MonthlyReport;
import fr.relais.report.MonthlyReports;
import fr.relais.report.ReportMail;
import fr.relais.routes.RouteFiles;
import fr.relais.settings.InvalidSetting;
import fr.relais.settings.Settings;
import fr.relais.slice.Slices;
import fr.relais.source.Account;
import fr.relais.source.Answers;
import fr.relais.source.BoundedAnswer;
import fr.relais.source.Circuit;
import fr.relais.source.Throttle;
import fr.relais.source.Token;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.Lease;
import fr.relais.sweep.Progress;
import fr.relais.sweep.RemovalGuard;
import fr.relais.sweep.RestoreFence;
import fr.relais.sweep.SweepHistory;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.Sweeps;
import fr.relais.views.Months;
import fr.relais.views.Robots;
import fr.relais.views.ViewFiles;
import fr.relais.views.ViewParser;
import fr.relais.views.Views;
import fr.relais.watch.Watch;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.spi.Registry;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The pipeline in a Camel context: an ESB's as well as that of our own Spring Boot application. {@link #addTo} adds it, and returns the
 * handle by which a host works with it.
 */
public final class Relais {

    private static final String HANDLE = "relais";

    private static final Logger LOG = LoggerFactory.getLogger(Relais.class);

    private final CamelContext camel;
    private final Sweeps sweeps;
    private final SweepHistory history;
    private final Freshness freshness;
    private final Account account;
    private final Views views;
    private final MonthlyReports reports;
    private final Changelog changelog;

    private Relais(
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
        Relais relais = addBeans(camel, dataSource, settings, clock, method, files.isTransforming());
        files.check();
        return relais;
    }

    /** Nothing of this looks at the database. */
    static Relais addBeans(
            CamelContext camel,
            DataSource dataSource,
            Settings settings,
            Clock clock,
            Method method,
            boolean isTransforming) {
        JdbcClient jdbc = JdbcClient.create(dataSource);
        JdbcTransactionManager transactions = new JdbcTransactionManager(dataSource);
        TransactionTemplate transaction = new TransactionTemplate(transactions);
        // Pages are written side by side: gap locks of the default level would make them wait for each other.
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        SpringTransactionPolicy policy = new SpringTransactionPolicy(transaction);

        TransactionTemplate outside = new TransactionTemplate(transactions);
        outside.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);

        TransactionTemplate apart = new TransactionTemplate(transactions);
        apart.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        Throttle throttle = new Throttle(settings.source().callsPerSecond());
        Token token = new Token(
                settings.source().clientId(),
                settings.source().clientSecret(),
                settings.source().scope(),
                clock);
        Account account = new Account(jdbc, clock, settings.source().accountDigest());
        Lease lease = new Lease(jdbc);
        SweepHistory history = new SweepHistory(jdbc, clock);
        Sweeps sweeps = new Sweeps(
                jdbc,
                transaction,
                outside,
                lease,
                throttle,
                settings.source().origins(),
                settings.sweep().resumeWithin(),
                history,
                clock);
        Freshness freshness = new Freshness(
                jdbc, settings.display().bannerAfter(), settings.display().withdrawAfter(), clock);
        RestoreFence restoreFence = new RestoreFence(jdbc, transaction, lease);
        Registry beans = camel.getRegistry();
        beans.bind("relaisDataSource", dataSource);
        beans.bind("relaisTransaction", policy);
        beans.bind("failures", new FailureMessages());
        beans.bind("throttle", throttle);
        beans.bind("token", token);
        beans.bind("answers", new Answers(throttle, token, clock));
        beans.bind("comparison", new Comparison());
        beans.bind("circuit", new Circuit(settings.source().retryDelay(), clock));
        beans.bind("account", account);
        // An endpoint has no option for the size of an answer; and who repeats calls beneath the throttle calls too
        // often.
        beans.bind("boundedClient", (HttpClientConfigurer) client -> client.disableAutomaticRetries()
                .addExecInterceptorFirst(
                        "bounded-answer", new BoundedAnswer(settings.source().timeout())));
        beans.bind("lease", lease, null, "close");
        beans.bind(
                "slices",
                new Slices(
                        jdbc,
                        transaction,
                        lease,
                        settings.source().pageSize(),
                        settings.source().window()));
        beans.bind("sweeps", sweeps);
        beans.bind(
                "removalGuard",
                new RemovalGuard(
                        jdbc,
                        settings.removal().guardedShare(),
                        settings.removal().guardedNumber()));
        beans.bind("freshness", freshness);
        beans.bind("restoreFence", restoreFence);
        Months months = new Months(jdbc, settings.report().zone());
        Views views = new Views(
                jdbc,
                apart,
                outside,
                new Robots(settings.views().robots()),
                settings.views().keyWindow(),
                months,
                clock);
        MonthlyReports reports = new MonthlyReports(
                jdbc,
                transaction,
                months,
                settings.report().cron(),
                settings.report().zone(),
                settings.report().countRobots(),
                settings.report().zeroViews(),
                settings.report().keep(),
                clock);
        beans.bind("viewParser", new ViewParser());
        beans.bind("views", views);
        beans.bind("viewFiles", new ViewFiles(views));
        beans.bind("monthlyReports", reports);
        beans.bind(
                "reportMail",
                new ReportMail(
                        settings.report().from(),
                        settings.report().to(),
                        settings.report().replyTo(),
                        settings.report().bcc(),
                        settings.report().licensee()));
        Changelog changelog = new Changelog(
                jdbc,
                transaction,
                method,
                isTransforming,
                freshness,
                history,
                settings.display().licenceUrl(),
                settings.display().publicUrl(),
                settings.changelogUri(),
                clock);
        beans.bind("changelog", changelog);
        beans.bind("publication", changelog.publication());
        beans.bind("watch", new Watch(freshness, account, history, reports, changelog.publication()));
        beans.bind(
                "sourceReaders",
                camel.getExecutorServiceManager()
                        .newFixedThreadPool(
                                Relais.class, "relais-source", settings.source().concurrency()));
        Relais relais = new Relais(camel, sweeps, history, freshness, account, views, reports, changelog);
        beans.bind(HANDLE, relais);
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
