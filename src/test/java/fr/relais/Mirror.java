package fr.relais;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepSummary;
import fr.relais.watch.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The pipeline in a plain Camel context, as an integrator embeds it, with a real MariaDB and a simulated source. The
 * triggers are off, so that each test decides when to sweep.
 */
public final class Mirror implements AutoCloseable {

    private static final AtomicInteger FOLDERS = new AtomicInteger();

    public final HikariDataSource dataSource;
    public final JdbcClient jdbc;
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, Object> beans = new HashMap<>();
    private CrashPoints points;
    private CamelContext camel;
    private Relais relais;
    private ProducerTemplate producer;

    private Mirror(String url, String user) {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(url);
        pool.setUsername(user);
        pool.setPassword("");
        pool.setConnectionInitSql("set session idle_transaction_timeout = 60");
        pool.setMaximumPoolSize(12);
        dataSource = new HikariDataSource(pool);
        jdbc = JdbcClient.create(dataSource);
    }

    /** Returns an empty mirror of the source, in a new schema. */
    public static Mirror of(SourceSimulator source) {
        return of(source, EmbeddedDatabase.shared().newSchema(), "root");
    }

    /** Returns a mirror of the source in the caller's schema, for a database account that needs no password. */
    public static Mirror of(SourceSimulator source, String url, String user) {
        return new Mirror(url, user)
                .with("relais.source.base-url", source.baseUrl())
                .with("relais.source.token-url", source.tokenUrl())
                .with("relais.source.client-id", SimulatorOptions.defaults().clientId())
                .with("relais.source.client-secret", SimulatorOptions.defaults().clientSecret())
                .with("relais.source.calls-per-second", "0")
                .with(
                        "relais.changelog.uri",
                        "file:target/test-changelog/"
                                + ProcessHandle.current().pid() + "-" + FOLDERS.incrementAndGet()
                                + "?tempPrefix=.&fileExist=TryRename&copyAndDeleteOnRenameFail=false")
                .with("relais.restore.folder", "target/test-state")
                .with("relais.sweep.on-start", "false")
                .with("relais.sweep.cron", "0 0 0 1 1 ? 2099");
    }

    /** Returns a mirror with exactly these settings, this database and this account. */
    static Mirror like(Map<String, String> settings, String url, String user) {
        Mirror mirror = new Mirror(url, user);
        mirror.settings.putAll(settings);
        return mirror;
    }

    /** Returns a second mirror with the same database and settings, which stands for another process. */
    public Mirror secondProcess() {
        return like(settings, dataSource.getJdbcUrl(), "root");
    }

    /** Reports the crash points of the pipeline. Takes effect at the next start. */
    Mirror watchedBy(CrashPoints points) {
        this.points = points;
        return this;
    }

    Map<String, String> settings() {
        return settings;
    }

    /** Sets a setting of Relais. Takes effect at the next start. */
    public Mirror with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /** Adds a bean of the host to the registry. Takes effect at the next start. */
    Mirror withBean(String name, Object bean) {
        beans.put(name, bean);
        return this;
    }

    public Mirror start() throws Exception {
        return start(Clock.systemUTC());
    }

    public Mirror start(Clock clock) throws Exception {
        stop();
        camel = new DefaultCamelContext();
        beans.forEach(camel.getRegistry()::bind);
        if (points != null) {
            camel.getCamelContextExtension().addInterceptStrategy(points);
        }
        DataSource connections = points == null ? dataSource : points.wrap(dataSource);
        relais = Relais.addTo(camel, connections, connections, settings, clock);
        ((ModelCamelContext) camel)
                .getRouteDefinitions().stream()
                        // Settings turn off the triggers that sweep.
                        .filter(route -> "relais-trigger".equals(route.getGroup())
                                && !route.getRouteId().startsWith("relais-sweep-"))
                        .forEach(route -> route.autoStartup(false));
        camel.start();
        producer = camel.createProducerTemplate();
        return this;
    }

    public CamelContext camel() {
        return camel;
    }

    /** Sweeps once. Returns null when another sweep is running. */
    public SweepSummary sweep() {
        return relais.sweep();
    }

    /** Approves the removals of a held sweep. Returns null when another sweep is running. */
    public SweepSummary approve(long sweep) {
        return relais.approveRemovals(sweep, null);
    }

    /** Publishes the changelog, if it has changed. */
    public void publish() {
        producer.sendBody("direct:relais-publish-changelog", null);
    }

    /** Delivers the events that wait. */
    public void deliverEvents() {
        producer.sendBody("direct:relais-deliver-events", null);
    }

    /** Starts a trigger, such as {@code relais-events-by-timer}. */
    void startTrigger(String route) {
        try {
            camel.getRouteController().startRoute(route);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Records the settings in the ledger, as a service does when it starts. */
    void recordSettings() {
        producer.sendBody("direct:relais-record-settings", null);
    }

    /** Sends the alerts that are due. */
    public void watch() {
        producer.sendBody("direct:relais-watch", null);
    }

    /** Returns the alerts that are due, in one line each, and counts them as delivered. */
    public List<String> alerts() {
        List<String> alerts = new ArrayList<>();
        for (Delivery delivery : relais.watch().dueDeliveries()) {
            if (relais.watch().claim(delivery)) {
                alerts.add(delivery.alert().line());
                relais.watch().markDelivered(delivery);
            }
        }
        return alerts;
    }

    public Relais relais() {
        return relais;
    }

    /** Returns a bean of the pipeline that {@link Relais} does not offer to hosts. */
    public <T> T bean(Class<T> type) {
        return camel.getRegistry().findSingleByType(type);
    }

    /** Returns the mirrored offers: content by id. */
    public Map<String, String> offers() {
        Map<String, String> offers = new TreeMap<>();
        jdbc.sql("select id, content from offer").query(row -> {
            offers.put(row.getString(1), row.getString(2));
        });
        return offers;
    }

    /** Returns the source's offers of these origins, or of all when none is given: content by id. */
    public static Map<String, String> offers(SourceSimulator source, String... origines) {
        Map<String, String> offers = new TreeMap<>();
        source.base()
                .snapshot(origines)
                .forEach((id, json) -> offers.put(id, new String(json, StandardCharsets.UTF_8)));
        return offers;
    }

    public void stop() {
        if (camel != null) {
            camel.stop();
            camel = null;
        }
    }

    @Override
    public void close() {
        stop();
        dataSource.close();
    }
}
