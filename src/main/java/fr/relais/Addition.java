package fr.relais;

import fr.relais.changelog.Method;
import fr.relais.changelog.Migration;
import fr.relais.failure.RelaisException;
import fr.relais.routes.RouteFiles;
import fr.relais.settings.Settings;
import fr.relais.sweep.RestoreCheck;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The steps that add the pipeline to a Camel context. All checks that need no write come before the first write. */
final class Addition {

    /** The name of a bean that marks a context to which the pipeline could not be added. */
    private static final String REFUSED = "relaisRefused";

    private Addition() {}

    /**
     * Checks everything, adds the routes and beans, and migrates the database.
     *
     * @throws RelaisException when something is not usable
     * @throws DataAccessException when the database cannot be used
     * @throws FlywayException when the migration fails
     */
    static Relais add(
            CamelContext camel,
            DataSource dataSource,
            DataSource webDataSource,
            Map<String, String> given,
            Clock clock) {
        requireUsable(camel);
        CamelVersionCheck.require(camel.getVersion());
        LogCheck.require();
        Settings settings = Settings.of(given);
        DatabaseCheck.require(dataSource);
        DatabaseCheck.require(webDataSource);
        JdbcClient jdbc = JdbcClient.create(dataSource);
        DatabaseCheck.requireOwnTables(jdbc);
        DatabaseCheck.requireOwnTables(JdbcClient.create(webDataSource));
        Flyway flyway = flyway(dataSource);
        List<Migration> migrations = Migration.of(flyway.info());
        try {
            RouteFiles files = addPipeline(camel, dataSource, webDataSource, settings, clock, migrations);
            // Nothing has been written up to here.
            migrate(flyway);
            files.checkStatements();
            Registry beans = camel.getRegistry();
            beans.lookupByNameAndType("relaisRestoreCheck", RestoreCheck.class).check();
            beans.lookupByNameAndType("relaisLicenceEnd", LicenceEnd.class).check();
        } catch (RuntimeException e) {
            refuseToStart(camel);
            throw e;
        }
        new DatabaseCheck(jdbc).logWarnings();
        return Relais.of(camel).orElseThrow();
    }

    private static void migrate(Flyway flyway) {
        try {
            flyway.migrate();
        } catch (FlywayValidateException e) {
            throw new FailedMigration();
        }
    }

    /** The refusal of tables of which an earlier start has changed only a part. */
    static final class FailedMigration extends RelaisException {
        private FailedMigration() {
            super(
                    "An earlier start could not change the tables as this version requires",
                    "Restore the backup, correct the cause of that failure, such as a missing privilege of the account,"
                            + " and start again.");
        }
    }

    /** Prevents the start of a context that has only a part of the pipeline. */
    private static void refuseToStart(CamelContext camel) {
        camel.getRegistry().bind(REFUSED, true);
        try {
            camel.addStartupListener((context, alreadyStarted) -> {
                throw new Relais.NotAdded(incomplete());
            });
        } catch (Exception e) {
            throw new IllegalStateException("the context has been started already", e);
        }
    }

    private static UnusableContext incomplete() {
        return new UnusableContext(
                "has only a part of the pipeline, because an earlier addTo failed", "Use a new context.");
    }

    static Flyway flyway(DataSource dataSource) {
        return Flyway.configure(Relais.class.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:fr/relais/db/migration")
                .table("relais_schema_history")
                // The schema may already have tables of the host, which Flyway must accept.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
    }

    /** The refusal of a Camel context to which the pipeline cannot be added. */
    static final class UnusableContext extends RelaisException {
        private UnusableContext(String problem, String remedy) {
            super("The Camel context " + problem, remedy);
        }
    }

    private static void requireUsable(CamelContext camel) {
        if (camel.getStatus().isStarting() || camel.getStatus().isStarted()) {
            throw new UnusableContext("has been started already", "Add Relais before the context starts.");
        }
        if (camel.getRegistry().lookupByName(REFUSED) != null) {
            throw incomplete();
        }
        if (Relais.of(camel).isPresent()) {
            throw new UnusableContext(
                    "already has a pipeline", "Call addTo once, or use another context with another database.");
        }
    }

    /**
     * Adds the routes and beans, and checks them without accessing the database.
     *
     * @param migrations the migrations that the database has or will have
     * @return the route files, whose statements are still to be checked
     */
    static RouteFiles addPipeline(
            CamelContext camel,
            DataSource dataSource,
            DataSource webDataSource,
            Settings settings,
            Clock clock,
            List<Migration> migrations) {
        SettingsSource.addTo(camel, settings);
        camel.getCamelContextExtension().addInterceptStrategy(new SweepInLog());
        if (settings.traces()) {
            Trace.addTo(camel);
        }
        RouteFiles files = RouteFiles.load(camel, settings.routes());
        Method method = Method.of(
                Relais.class.getPackage().getImplementationVersion(),
                settings.published(),
                migrations,
                files.described(),
                files.transformations());
        PipelineBeans.bind(camel, dataSource, webDataSource, settings, clock, method);
        files.check();
        return files;
    }
}
