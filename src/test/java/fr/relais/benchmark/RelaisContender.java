package fr.relais.benchmark;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import fr.relais.Relais;
import fr.relais.metrics.CamelMetrics;
import fr.relais.metrics.RelaisMetrics;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;

/** Relais in a Camel context, as an integrator embeds it. */
final class RelaisContender implements Contender.Mirroring {

    private final CamelContext camel = new DefaultCamelContext();
    private final HikariDataSource dataSource;
    private final ProducerTemplate producer;

    /** @param withMetrics whether the pipeline has the meters of the application, which are scraped */
    RelaisContender(Map<String, String> environment, boolean withMetrics) {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(environment.get("DATABASE"));
        pool.setUsername("root");
        pool.setPassword("");
        pool.setMaximumPoolSize(20);
        pool.addDataSourceProperty("rewriteBatchedStatements", "true");
        dataSource = new HikariDataSource(pool);
        Map<String, String> settings = new HashMap<>();
        settings.put("relais.source.base-url", environment.get("BASE_URL"));
        settings.put("relais.source.token-url", environment.get("TOKEN_URL"));
        settings.put("relais.source.client-id", environment.get("CLIENT_ID"));
        settings.put("relais.source.client-secret", environment.get("CLIENT_SECRET"));
        settings.put("relais.source.calls-per-second", environment.get("CALLS_PER_SECOND"));
        settings.put("relais.source.concurrency", environment.get("THREADS"));
        settings.put("relais.changelog.uri", "file:target/benchmark-changelog?tempPrefix=.&fileExist=TryRename");
        settings.put("relais.sweep.on-start", "false");
        Relais.addTo(camel, dataSource, settings);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        if (withMetrics) {
            CamelMetrics metrics = new CamelMetrics(camel, registry);
            metrics.bindTo(registry);
            camel.addRoutePolicyFactory(metrics);
        }
        camel.start();
        if (withMetrics) {
            new RelaisMetrics(camel).bindTo(registry);
            camel.getExecutorServiceManager()
                    .newSingleThreadScheduledExecutor(this, "scrape")
                    .scheduleWithFixedDelay(registry::scrape, 1, 1, TimeUnit.SECONDS);
        }
        producer = camel.createProducerTemplate();
    }

    @Override
    public void sweep() {
        SweepSummary summary = producer.requestBody("direct:relais-sweep", null, SweepSummary.class);
        System.err.println(summary);
        if (summary.state() != SweepState.PROVED) {
            throw new IllegalStateException(summary.toString());
        }
    }

    @Override
    public void close() {
        camel.stop();
        dataSource.close();
    }
}
