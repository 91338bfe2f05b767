package fr.relais;

import fr.relais.app.StartFailureAnalyzer;
import fr.relais.changelog.Migration;
import fr.relais.routes.RouteFiles;
import fr.relais.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * The reload of the routes of a running pipeline after a file in their folder is saved, for the development run. The
 * new routes are first checked in a context of their own. If they have a mistake, it is reported and the old routes
 * stay. Otherwise, they replace the old routes when no sweep is running.
 */
final class RouteReload {

    private final CamelContext camel;
    private final DataSource dataSource;
    private final Map<String, String> settings = new HashMap<>();
    private final Consumer<String> report;
    private Map<Path, String> polled;
    private Map<Path, String> loaded;

    private RouteReload(
            CamelContext camel, DataSource dataSource, UnaryOperator<String> given, Consumer<String> report) {
        this.camel = camel;
        this.dataSource = dataSource;
        this.report = report;
        for (String name : Settings.names()) {
            String value = given.apply(name);
            if (value != null) {
                settings.put(name, value);
            }
        }
        try {
            polled = files();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        loaded = polled;
    }

    /**
     * Watches the folder {@code relais.routes} until the context stops.
     *
     * @param given returns the value of a setting, or null for its default
     * @param report receives a message of one or more lines after each reload, and when a reload or the reading of the
     *     files fails
     */
    static void watch(CamelContext camel, DataSource dataSource, UnaryOperator<String> given, Consumer<String> report) {
        RouteReload reload = new RouteReload(camel, dataSource, given, report);
        camel.getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(reload, "route-reload")
                .scheduleWithFixedDelay(reload::poll, 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Reloads the routes when their files have changed and then stayed the same for a second. Until then, a file may be
     * only half written.
     */
    private void poll() {
        try {
            Map<Path, String> files = files();
            if (files.equals(polled) && !files.equals(loaded)) {
                loaded = files;
                reload();
            }
            polled = files;
        } catch (IOException | UncheckedIOException e) {
            // An exception would end the polling.
            report.accept("The route files cannot be read. Relais tries again every second. " + e);
        }
    }

    private void reload() {
        Map<String, Object> beans;
        try {
            beans = check();
        } catch (Exception e) {
            report.accept("The routes stay as they were. " + describe(e));
            return;
        }
        try {
            replace(beans);
            report.accept("The routes were reloaded");
        } catch (Exception e) {
            report.accept("The routes could not be reloaded. Restart Relais. " + describe(e));
        }
    }

    /** Returns the digests of the route files. */
    private Map<Path, String> files() throws IOException {
        Map<Path, String> digests = new HashMap<>();
        try (Stream<Path> files = Files.list(Path.of(settings.get("relais.routes")))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .toList()) {
                digests.put(file, DigestUtils.sha256Hex(Files.readAllBytes(file)));
            }
        }
        return digests;
    }

    private static String describe(Exception failure) {
        FailureAnalysis mistake = new StartFailureAnalyzer().analyze(failure);
        return mistake == null ? failure.toString() : mistake.getDescription() + ". " + mistake.getAction();
    }

    /** Returns the beans that describe the new routes. */
    private Map<String, Object> check() throws Exception {
        try (DefaultCamelContext trial = new DefaultCamelContext()) {
            trial.setAutoStartup(false);
            Object mailSender = camel.getRegistry().lookupByName("relaisMailSender");
            if (mailSender != null) {
                trial.getRegistry().bind("relaisMailSender", mailSender);
            }
            RouteFiles files = Addition.addPipeline(
                    trial,
                    dataSource,
                    dataSource,
                    Settings.of(settings),
                    Clock.systemUTC(),
                    Migration.of(Addition.flyway(dataSource).info()));
            files.checkStatements();
            trial.start();
            Map<String, Object> beans = new HashMap<>();
            for (String name : List.of("relaisChangelog", "relaisPublication")) {
                beans.put(name, trial.getRegistry().lookupByName(name));
            }
            return beans;
        }
    }

    private void replace(Map<String, Object> beans) throws Exception {
        ModelCamelContext model = (ModelCamelContext) camel;
        // Triggers stop first, so that the work that they have begun, such as a sweep, ends before other routes stop.
        for (Route route : List.copyOf(camel.getRoutes())) {
            if ("relais-trigger".equals(route.getGroup())) {
                camel.getRouteController().stopRoute(route.getRouteId(), 10, TimeUnit.MINUTES);
            }
        }
        camel.getRouteController().stopAllRoutes();
        for (Route route : List.copyOf(camel.getRoutes())) {
            camel.removeRoute(route.getRouteId());
        }
        model.removeRouteDefinitions(List.copyOf(model.getRouteDefinitions()));
        for (var configuration : List.copyOf(model.getRouteConfigurationDefinitions())) {
            model.removeRouteConfiguration(configuration);
        }
        beans.forEach(camel.getRegistry()::bind);
        camel.getPropertiesComponent().addOverrideProperty("relais.sweep.on-start", "false");
        RouteFiles.load(camel, settings.get("relais.routes"));
    }
}
