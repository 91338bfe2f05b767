package fr.relais.app;

import fr.relais.Relais;
import fr.relais.failure.Failures;
import fr.relais.seal.Seal;
import fr.relais.settings.Settings;
import fr.relais.web.access.ApiKeys;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.camel.CamelExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The service, which runs when no command is given. It sweeps on schedule until it is stopped. */
@Command(
        name = "relais-exec.jar",
        versionProvider = ServiceCommand.Version.class,
        description = "Keeps a faithful, licence-abiding copy of France Travail's job offers in MariaDB."
                + " Without a command, runs the service.")
class ServiceCommand implements Callable<Integer> {

    /** Stands for no exit code: the service keeps running after it has started. */
    static final int RUNNING = -1;

    private static final Logger LOG = LoggerFactory.getLogger(ServiceCommand.class);

    @Mixin
    private SpringArguments arguments;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Prints the version.")
    private boolean version;

    /** The version of the packed application. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Relais " + Relais.class.getPackage().getImplementationVersion()};
        }
    }

    @Override
    public Integer call() {
        ConfigurableApplicationContext context = SpringApplication.run(RelaisApplication.class, arguments.get());
        checkSource(RelaisApplication.relais(context));
        // Before the first sweep, which makes the database slower.
        printFirstPassword(context.getBean(Settings.class), context.getBean(ApiKeys.class));
        context.getBean(Triggers.class).start();
        LOG.info(
                "Relais is ready; console on http://localhost:{}/console",
                context.getEnvironment().getProperty("local.server.port"));
        return RUNNING;
    }

    /** Creates a key for the console and prints it, unless there is another way to sign in. */
    static void printFirstPassword(Settings settings, ApiKeys keys) {
        if (settings.consolePassword().isEmpty() && !settings.opensConsoleLocally()) {
            try {
                // Not to the log, which may be kept for a long time or sent to others.
                keys.addFirstOperator()
                        .ifPresent(key -> System.out.println("To sign in to the console, use the name operator and the"
                                + " password " + key + " (printed only this once)"));
            } catch (DataAccessException e) {
                LOG.warn(
                        "The first key for the console could not be created; create one with the command api-key: {}",
                        Failures.types(e));
            }
        }
    }

    /**
     * Calls the source once. When it cannot be used, the first start fails, so that wrong settings are noticed. Later
     * starts only warn, because there is a mirror to show. While the mirror is sealed, nothing is called.
     */
    private static void checkSource(Relais relais) {
        Optional<Seal.Status> seal = relais.seal().status();
        if (seal.isPresent()) {
            LOG.warn("The mirror is {}. Nothing is fetched or shown.", seal.get());
            return;
        }
        try {
            relais.checkSource();
        } catch (CamelExecutionException e) {
            Instant updatedAt = relais.freshness().read().updatedAt();
            if (updatedAt == null && !relais.sweeps().isRestored()) {
                throw e;
            }
            LOG.warn(
                    "The source cannot be used now; the mirror of {} stays in use: {}",
                    updatedAt,
                    StartFailureAnalyzer.describe(e));
        }
    }
}
