package fr.relais.karaf;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import fr.relais.Relais;
import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.impl.DefaultCamelContext;
import org.mariadb.jdbc.MariaDbDataSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** A running pipeline, with its Camel context and its connections to the database. */
final class Pipeline implements AutoCloseable {

    /** How long a stop waits for exchanges to end, in seconds. The next start resumes a sweep that has not ended. */
    private static final int STOP_TIMEOUT = 10;

    /** The options that are added to the address, unless it sets them. Relais was tested with these values. */
    private static final List<String> OPTIONS =
            List.of("connectTimeout=10000", "socketTimeout=310000", "rewriteBatchedStatements=true");

    private final ServiceReference<DataSource> service;
    private final Runnable releaseConnections;
    private final DefaultCamelContext camel = new DefaultCamelContext(false);

    /** The absence of the configured DataSource service, which may be registered later. */
    static final class NoService extends Exception {
        private NoService(String filter) {
            super("The container has no DataSource service " + filter);
        }
    }

    /**
     * Starts the pipeline.
     *
     * @throws Relais.NotAdded when it cannot be added. The cause is a {@link RelaisException} if only another
     *     configuration helps.
     * @throws NoService when the container does not have the configured DataSource service
     * @throws Exception when the database is unavailable, or when a route does not start
     */
    static Pipeline start(BundleContext bundle, Configuration configuration) throws Exception {
        if (configuration.service().isEmpty()) {
            HikariDataSource pool = pool(configuration);
            return new Pipeline(null, pool, pool::close, configuration);
        }
        ServiceReference<DataSource> service = find(bundle, configuration.serviceFilter());
        DataSource dataSource = bundle.getService(service);
        if (dataSource == null) {
            throw new NoService(configuration.serviceFilter());
        }
        return new Pipeline(service, dataSource, () -> bundle.ungetService(service), configuration);
    }

    private Pipeline(
            ServiceReference<DataSource> service,
            DataSource dataSource,
            Runnable releaseConnections,
            Configuration configuration)
            throws Exception {
        this.service = service;
        this.releaseConnections = releaseConnections;
        try {
            camel.getCamelContextExtension().setName("relais");
            camel.setApplicationContextClassLoader(Pipeline.class.getClassLoader());
            camel.getShutdownStrategy().setTimeUnit(TimeUnit.SECONDS);
            camel.getShutdownStrategy().setTimeout(STOP_TIMEOUT);
            Relais.addTo(camel, dataSource, configuration.settings());
            camel.start();
        } catch (Exception | LinkageError e) {
            close();
            for (Throwable cause : Failures.causes(e).toList()) {
                if (cause instanceof RelaisException reason) {
                    throw new Relais.NotAdded(reason);
                }
            }
            throw e;
        }
    }

    /** Returns whether the connections are those of a service. */
    boolean uses(ServiceReference<?> other) {
        return other.equals(service);
    }

    @Override
    public void close() {
        try {
            camel.stop();
        } finally {
            releaseConnections.run();
        }
    }

    private static ServiceReference<DataSource> find(BundleContext bundle, String filter) throws NoService {
        try {
            return bundle.getServiceReferences(DataSource.class, filter).stream()
                    .max(ServiceReference::compareTo)
                    .orElseThrow(() -> new NoService(filter));
        } catch (InvalidSyntaxException e) {
            throw new Relais.NotAdded(new Configuration.Unusable(
                    Configuration.SERVICE,
                    "is not a valid OSGi filter",
                    "Set it to the osgi.jndi.service.name of a DataSource, or to a filter such as (name=relais)."));
        }
    }

    private static HikariDataSource pool(Configuration configuration) throws SQLException {
        MariaDbDataSource database = database(configuration.url());
        database.setUser(configuration.username());
        database.setPassword(configuration.password());
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("relais");
        pool.setDataSource(database);
        pool.setMaximumPoolSize(configuration.connections());
        pool.setConnectionTimeout(TimeUnit.SECONDS.toMillis(10));
        // A process that hangs in a transaction must not keep other processes from taking over.
        pool.setConnectionInitSql("set session idle_transaction_timeout = 60");
        return new HikariDataSource(pool);
    }

    private static MariaDbDataSource database(String url) {
        try {
            return new MariaDbDataSource(withOptions(url));
        } catch (SQLException e) {
            throw new Relais.NotAdded(new Configuration.Unusable(
                    Configuration.URL,
                    "is not the address of a MariaDB server",
                    "Set it to an address such as jdbc:mariadb://db.example.org/relais."));
        }
    }

    /** Adds the options that the address does not set itself. */
    private static String withOptions(String url) {
        StringBuilder complete = new StringBuilder(url);
        for (String option : OPTIONS) {
            if (!url.contains(option.substring(0, option.indexOf('=') + 1))) {
                complete.append(complete.indexOf("?") < 0 ? '?' : '&').append(option);
            }
        }
        return complete.toString();
    }
}
