package fr.relais;

import fr.relais.audit.SelfAudits;
import fr.relais.changelog.Changelog;
import fr.relais.changelog.Method;
import fr.relais.database.CommitTimes;
import fr.relais.database.UnloggedTransaction;
import fr.relais.duty.Duties;
import fr.relais.duty.DutyRecord;
import fr.relais.events.Outbox;
import fr.relais.failure.FailureMessages;
import fr.relais.ledger.Ledger;
import fr.relais.licence.LicenceRegister;
import fr.relais.offer.Comparison;
import fr.relais.report.MonthlyReports;
import fr.relais.report.ReportMail;
import fr.relais.routes.RouteFigures;
import fr.relais.seal.Seal;
import fr.relais.settings.AlertSettings;
import fr.relais.settings.Settings;
import fr.relais.slice.SliceHistory;
import fr.relais.slice.Slices;
import fr.relais.source.Account;
import fr.relais.source.Answers;
import fr.relais.source.BoundedAnswer;
import fr.relais.source.CallCounts;
import fr.relais.source.Circuit;
import fr.relais.source.SourceShape;
import fr.relais.source.Throttle;
import fr.relais.source.Token;
import fr.relais.sweep.Certificates;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.KnownOffers;
import fr.relais.sweep.Lease;
import fr.relais.sweep.RemovalCounts;
import fr.relais.sweep.RemovalGuard;
import fr.relais.sweep.RestoreCheck;
import fr.relais.sweep.SweepHistory;
import fr.relais.sweep.Sweeps;
import fr.relais.views.Months;
import fr.relais.views.Robots;
import fr.relais.views.ViewFiles;
import fr.relais.views.ViewParser;
import fr.relais.views.Views;
import fr.relais.watch.AlertMail;
import fr.relais.watch.AlertTable;
import fr.relais.watch.Delivery;
import fr.relais.watch.Watch;
import fr.relais.wipe.Residue;
import fr.relais.wipe.Wipe;
import fr.relais.wipe.WipedFiles;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.processor.aggregate.UseOriginalAggregationStrategy;
import org.apache.camel.spi.Registry;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.apache.camel.support.LifecycleStrategySupport;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The beans of the pipeline, under the names that the routes use. */
final class PipelineBeans {

    /** The maximum duration of a transaction in seconds. The longest one finds the candidates among all offers. */
    private static final int TRANSACTION_TIMEOUT = 300;

    private PipelineBeans() {}

    /**
     * Binds all beans that the routes call. None of them accesses the database yet.
     *
     * @param webDataSource the connections for the handle's queries and for counting views. Visitors wait for both.
     * @param method the method that this process publishes in the changelog
     */
    static void bind(
            CamelContext camel,
            DataSource dataSource,
            DataSource webDataSource,
            Settings settings,
            Clock clock,
            Method method) {
        JdbcClient jdbc = JdbcClient.create(dataSource);
        JdbcTransactionManager transactions = new JdbcTransactionManager(dataSource);
        CommitTimes commits = new CommitTimes();
        transactions.addListener(commits);
        TransactionTemplate transaction = transaction(transactions);
        transaction.setTimeout(TRANSACTION_TIMEOUT);
        SpringTransactionPolicy policy = new SpringTransactionPolicy(transaction);

        JdbcClient webJdbc = JdbcClient.create(webDataSource);
        JdbcTransactionManager webTransactions = new JdbcTransactionManager(webDataSource);
        CommitTimes webCommits = new CommitTimes();
        webTransactions.addListener(webCommits);
        TransactionTemplate newTransaction = transaction(webTransactions);
        newTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

        Throttle throttle = new Throttle(settings.source().callsPerSecond());
        Token token = new Token(
                settings.source().clientId(),
                settings.source().clientSecret(),
                settings.source().scope(),
                clock);
        Ledger ledger = new Ledger(jdbc, clock);
        Account account = new Account(
                jdbc, transaction, webJdbc, ledger, clock, settings.source().accountDigest());
        MonthlyReports reports = reports(jdbc, transaction, settings, ledger, clock);
        Outbox outbox = new Outbox(
                jdbc,
                transaction,
                settings.events().hasEndpoint(),
                settings.events().keep(),
                clock);
        RestoreCheck restoreCheck = new RestoreCheck(jdbc, transaction, settings.restoreFolder(), ledger, () -> {
            reports.holdAfterRestore();
            outbox.requestReplay();
        });
        Lease lease = new Lease(jdbc, restoreCheck::remember);
        SweepHistory history = new SweepHistory(jdbc, clock);
        Certificates certificates = new Certificates(jdbc, ledger);
        Sweeps sweeps = new Sweeps(
                jdbc,
                transaction,
                lease,
                throttle,
                settings.source().origins(),
                settings.sweep().resumeWithin(),
                settings.sweep().keep(),
                history,
                certificates,
                ledger,
                clock);
        Freshness freshness = freshness(jdbc, settings, clock);
        Registry beans = camel.getRegistry();
        beans.bind("relaisDataSource", dataSource);
        beans.bind("relaisTransaction", policy);
        beans.bind("relaisFailures", new FailureMessages());
        beans.bind("relaisLedger", ledger);
        SelfAudits selfAudits = new SelfAudits(jdbc, transaction, ledger, clock);
        beans.bind("relaisSelfAudits", selfAudits);
        beans.bind("relaisSettingsRecord", new SettingsRecord(transaction, ledger, settings));
        Seal seal = new Seal(jdbc, transaction, ledger, clock);
        beans.bind("relaisSeal", seal);
        // Lets a route call a hook and keep its own body, headers and variables.
        beans.bind("relaisKeepMessage", new UseOriginalAggregationStrategy());
        beans.bind("relaisThrottle", throttle);
        // Otherwise the stop of the context would wait until the running sweep has ended and the outbox is empty.
        camel.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext context) {
                throttle.stop();
                outbox.stop();
            }

            @Override
            public void onContextStopped(CamelContext context) {
                ComparedRecords.forget();
            }
        });
        beans.bind("relaisToken", token);
        beans.bind("relaisAnswers", new Answers(throttle, token, clock));
        beans.bind("relaisSourceShape", new SourceShape(jdbc, clock));
        beans.bind("relaisComparison", new Comparison());
        beans.bind("relaisCircuit", new Circuit(settings.source().retryDelay(), clock));
        beans.bind("relaisAccount", account);
        CallCounts calls = new CallCounts();
        // An endpoint has no option that limits the size of an answer. Retries by the client would bypass the throttle.
        beans.bind("relaisBoundedClient", (HttpClientConfigurer) client -> client.setConnectionManager(
                        UnloggedConnections.of(camel))
                .disableAutomaticRetries()
                .addExecInterceptorFirst(
                        "bounded-answer", new BoundedAnswer(settings.source().timeout()))
                .addExecInterceptorFirst("relais-call-counts", calls));
        beans.bind("relaisLease", lease, null, "close");
        WipedFiles files = new WipedFiles(
                settings.changelogUri(),
                settings.placeholders().getProperty("relais.events.uri"),
                settings.placeholders().getProperty("relais.views.folder"));
        Wipe wipe = new Wipe(jdbc, transaction, lease, seal, ledger, files, clock);
        beans.bind("relaisWipe", wipe);
        beans.bind("relaisLicenceEnd", new LicenceEnd(jdbc, history, seal, wipe, settings.wipeAfter(), clock));
        beans.bind("relaisResidue", residue(jdbc, files, settings, clock));
        beans.bind(
                "relaisSlices",
                new Slices(
                        jdbc,
                        transaction,
                        lease,
                        settings.source().pageSize(),
                        settings.source().window()));
        beans.bind("relaisSweeps", sweeps);
        beans.bind(
                "relaisRemovalGuard",
                new RemovalGuard(
                        sweep -> RemovalCounts.read(jdbc, sweep),
                        settings.removal().guardShare(),
                        settings.removal().guardNumber(),
                        settings.removal().guardFactor()));
        beans.bind("relaisKnownOffers", new KnownOffers());
        beans.bind("relaisOutbox", outbox);
        beans.bind("relaisFreshness", freshness);
        beans.bind("relaisRestoreCheck", restoreCheck);
        beans.bind("relaisDatabaseCheck", new DatabaseCheck(jdbc));
        Views views = new Views(
                webJdbc,
                newTransaction,
                new Robots(settings.views().robots()),
                settings.views().keyWindow(),
                new Months(webJdbc, settings.report().zone()),
                clock);
        beans.bind("relaisViewParser", new ViewParser(views::recordRejection));
        beans.bind("relaisViews", views);
        beans.bind("relaisViewFiles", new ViewFiles(views));
        beans.bind("relaisMonthlyReports", reports);
        beans.bind(
                "relaisReportMail",
                new ReportMail(
                        settings.report().from(),
                        settings.report().to(),
                        settings.report().replyTo(),
                        settings.report().bcc(),
                        settings.report().licensee()));
        LicenceRegister licence = new LicenceRegister(jdbc, transaction, ledger, clock);
        beans.bind("relaisLicence", licence);
        Changelog changelog =
                changelog(jdbc, transaction, method, freshness, history, ledger, selfAudits, licence, settings, clock);
        beans.bind("relaisChangelog", changelog);
        beans.bind("relaisPublication", changelog.publication());
        Watch watch = new Watch(
                new AlertTable(jdbc, clock),
                freshness,
                account,
                history,
                restoreCheck,
                reports,
                changelog.publication(),
                outbox,
                licence,
                settings.display().bannerAfter(),
                alertDestinations(settings.alerts()),
                settings.alerts().runbooks(),
                clock);
        beans.bind("relaisWatch", watch);
        beans.bind(
                "relaisAlertMail",
                new AlertMail(settings.report().from(), settings.alerts().mail()));
        beans.bind(
                "relaisSourceReaders",
                camel.getExecutorServiceManager()
                        .newFixedThreadPool(
                                Relais.class, "relais-source", settings.source().concurrency()));
        beans.bind(
                "relaisBackground",
                camel.getExecutorServiceManager().newSingleThreadExecutor(Relais.class, "relais-background"));
        TransactionTemplate webTransaction = transaction(webTransactions);
        Ledger webLedger = new Ledger(webJdbc, clock);
        SweepHistory webHistory = new SweepHistory(webJdbc, clock);
        LicenceRegister webLicence = new LicenceRegister(webJdbc, webTransaction, webLedger, clock);
        Freshness webFreshness = freshness(webJdbc, settings, clock);
        SelfAudits webSelfAudits = new SelfAudits(webJdbc, webTransaction, webLedger, clock);
        MonthlyReports webReports = reports(webJdbc, webTransaction, settings, webLedger, clock);
        Changelog webChangelog = changelog(
                webJdbc,
                webTransaction,
                method,
                webFreshness,
                webHistory,
                webLedger,
                webSelfAudits,
                webLicence,
                settings,
                clock);
        Duties duties = new Duties(
                licence, freshness, history, selfAudits, account, reports, changelog.publication(), settings);
        beans.bind("relaisDutyRecord", new DutyRecord(duties, transaction, ledger));
        Duties webDuties = new Duties(
                webLicence,
                webFreshness,
                webHistory,
                webSelfAudits,
                account,
                webReports,
                webChangelog.publication(),
                settings);
        Counters counters = new Counters(calls, throttle, sweeps, outbox, commits, webCommits);
        RouteFigures routes = RouteFigures.of(camel, clock);
        Relais overPipeline = new Relais(
                camel,
                null,
                sweeps,
                counters,
                history,
                new SliceHistory(jdbc),
                freshness,
                account,
                views,
                reports,
                changelog,
                outbox,
                watch,
                ledger,
                licence,
                certificates,
                duties,
                routes);
        Relais relais = new Relais(
                camel,
                overPipeline,
                sweeps,
                counters,
                webHistory,
                new SliceHistory(webJdbc),
                webFreshness,
                account,
                views,
                webReports,
                webChangelog,
                outbox,
                watch,
                webLedger,
                webLicence,
                new Certificates(webJdbc, webLedger),
                webDuties,
                routes);
        beans.bind(Relais.HANDLE, relais);
        HealthChecks.bind(beans, relais);
    }

    private static List<Delivery.Destination> alertDestinations(AlertSettings settings) {
        List<Delivery.Destination> destinations = new ArrayList<>(List.of(Delivery.Destination.URI));
        if (!settings.mail().isEmpty()) {
            destinations.add(Delivery.Destination.MAIL);
        }
        if (settings.hasWebhook()) {
            destinations.add(Delivery.Destination.WEBHOOK);
        }
        return destinations;
    }

    private static TransactionTemplate transaction(JdbcTransactionManager transactions) {
        TransactionTemplate transaction = new UnloggedTransaction(transactions);
        // Pages are written concurrently. Gap locks of the default level would make their transactions wait.
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        return transaction;
    }

    private static Residue residue(JdbcClient jdbc, WipedFiles files, Settings settings, Clock clock) {
        return new Residue(
                jdbc,
                files,
                new Residue.Retention(
                        settings.report().keep(),
                        settings.events().keep(),
                        settings.views().keyWindow(),
                        settings.views().keepRejected()),
                clock);
    }

    private static Freshness freshness(JdbcClient jdbc, Settings settings, Clock clock) {
        return new Freshness(
                jdbc, settings.display().bannerAfter(), settings.display().withdrawAfter(), clock);
    }

    private static MonthlyReports reports(
            JdbcClient jdbc, TransactionTemplate transaction, Settings settings, Ledger ledger, Clock clock) {
        return new MonthlyReports(
                jdbc,
                transaction,
                new Months(jdbc, settings.report().zone()),
                settings.report().cron(),
                settings.report().zone(),
                settings.report().countRobots(),
                settings.report().zeroViews(),
                settings.report().keep(),
                ledger,
                clock);
    }

    private static Changelog changelog(
            JdbcClient jdbc,
            TransactionTemplate transaction,
            Method method,
            Freshness freshness,
            SweepHistory history,
            Ledger ledger,
            SelfAudits selfAudits,
            LicenceRegister licence,
            Settings settings,
            Clock clock) {
        return new Changelog(
                jdbc,
                transaction,
                method,
                freshness,
                history,
                ledger,
                selfAudits,
                licence,
                settings.display().licenceUrl(),
                settings.display().publicUrl(),
                settings.changelogUri(),
                clock);
    }
}
