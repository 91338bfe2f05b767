package fr.relais.karaf;

import fr.relais.Relais;
import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;
import java.util.Dictionary;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner of the pipeline, which starts and stops it on one thread. The pipeline restarts with each new
 * configuration, and stops before the container's DataSource is unregistered. While the database or that DataSource is
 * unavailable, the start is retried.
 */
final class Supervisor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /** The pause before the next attempt to start, in seconds. */
    private static final int PAUSE = 10;

    private final BundleContext bundle;
    private final ServiceListener onDataSource = this::onDataSource;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "relais-supervisor");
        // Libraries look for their resources here.
        thread.setContextClassLoader(Supervisor.class.getClassLoader());
        return thread;
    });
    private volatile boolean closing;
    // Null until the container has delivered something; empty when there is no configuration. Records are not compared,
    // because JDK 17 holds on to the class, and the class loader, of the last record that was compared.
    private Optional<Map<String, String>> given;
    private volatile Configuration configuration;
    private String reported;
    private Pipeline pipeline;

    Supervisor(BundleContext bundle) throws InvalidSyntaxException {
        this.bundle = bundle;
        bundle.addServiceListener(onDataSource, "(" + Constants.OBJECTCLASS + "=" + DataSource.class.getName() + ")");
        thread.scheduleWithFixedDelay(this::start, PAUSE, PAUSE, TimeUnit.SECONDS);
    }

    /** Restarts the pipeline with a configuration; null when the configuration was deleted or never made. */
    void configure(Dictionary<String, ?> properties) {
        thread.execute(() -> {
            Optional<Map<String, String>> changed =
                    Optional.ofNullable(properties).map(Configuration::given);
            // The container may deliver the same configuration again.
            if (!changed.equals(given)) {
                stop();
                given = changed;
                configuration = read(changed);
                reported = null;
                start();
            }
        });
    }

    /** Stops the pipeline, and waits until it has stopped. */
    @Override
    public void close() throws InterruptedException {
        closing = true;
        bundle.removeServiceListener(onDataSource);
        thread.execute(this::stop);
        thread.shutdown();
        if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
            LOG.error("Relais has not stopped within a minute");
        }
    }

    private static Configuration read(Optional<Map<String, String>> given) {
        if (given.isEmpty()) {
            LOG.info("Relais waits for its configuration, etc/{}.cfg", Activator.CONFIGURATION);
            return null;
        }
        try {
            return Configuration.of(given.get());
        } catch (Relais.NotAdded e) {
            LOG.error(inOneLine(e.getMessage()));
            return null;
        }
    }

    private void start() {
        if (configuration == null || pipeline != null || closing) {
            return;
        }
        try {
            pipeline = Pipeline.start(bundle, configuration);
            LOG.info("Relais has started");
        } catch (Exception | LinkageError e) {
            boolean refused = Failures.causes(e).anyMatch(RelaisException.class::isInstance);
            report(e, refused);
            if (refused) {
                // Only another configuration helps.
                configuration = null;
            }
        }
    }

    /** Logs why the pipeline has not started, unless that was already logged. */
    private void report(Throwable failure, boolean refused) {
        String reason = failure instanceof Relais.NotAdded || failure instanceof Pipeline.NoService
                ? inOneLine(failure.getMessage())
                : "Relais cannot start: " + Failures.describe(failure) + ".";
        if (!reason.equals(reported)) {
            reported = reason;
            LOG.error(refused ? reason : reason + " Relais tries again every " + PAUSE + " seconds.");
        }
    }

    /** Replaces line breaks, which Karaf's log would show as two characters. */
    private static String inOneLine(String message) {
        return message.replace("\n", ". ");
    }

    private void stop() {
        if (pipeline != null) {
            Pipeline stopped = pipeline;
            // Also when the stop fails, the next configuration starts a new pipeline.
            pipeline = null;
            stopped.close();
            LOG.info("Relais has stopped");
        }
    }

    /** Stops the pipeline before the container unregisters the service that it uses. */
    private void onDataSource(ServiceEvent event) {
        Configuration current = configuration;
        if (event.getType() != ServiceEvent.UNREGISTERING || current == null || current.service().isEmpty()) {
            return;
        }
        Future<?> stopped = thread.submit(() -> {
            if (pipeline != null && pipeline.uses(event.getServiceReference())) {
                stop();
            }
        });
        try {
            stopped.get(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOG.error("Relais has not stopped within a minute");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
