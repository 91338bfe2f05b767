package fr.relais.routes;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import fr.relais.failure.FailureMessages;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.processor.aggregate.UseOriginalAggregationStrategy;
import org.apache.camel.spi.Registry;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.SimpleTransactionStatus;

/**
 * The base class of tests of packed route files. The files are loaded unchanged, with {@code 00-errors}, and without a
 * database or a source. A subclass binds stubs for the beans that its routes call. Triggers do not start by themselves;
 * a test fires one with {@link #trigger}.
 */
public abstract class RouteTest extends CamelTestSupport {

    private final String[] files;

    /** @param files the names of the files without {@code .camel.yaml}, such as {@code 80-watch} */
    protected RouteTest(String... files) {
        this.files = files;
    }

    /** Returns the settings that differ from their defaults in {@code relais.properties}. */
    protected Map<String, String> settings() {
        return Map.of();
    }

    /** Binds stubs for the beans that the routes call. */
    protected abstract void bind(Registry beans);

    /**
     * Starts a trigger without its timer, schedule, folder or queue.
     *
     * @return the endpoint that fires the trigger once for each message
     */
    protected final String trigger(String route) throws Exception {
        AdviceWith.adviceWith(context, route, advice -> advice.replaceFromWith("direct:trigger"));
        context.getRouteController().startRoute(route);
        return "direct:trigger";
    }

    @Override
    public void configureContext(CamelContextConfiguration configuration) {
        super.configureContext(configuration);
        configuration.withAutoStartupExcludePatterns("timer*,quartz*,file*");
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        Properties settings = new Properties();
        try (InputStream defaults = getClass().getResourceAsStream("/fr/relais/relais.properties")) {
            settings.load(defaults);
        }
        settings.putAll(settings());
        camel.getPropertiesComponent().setOverrideProperties(settings);
        return camel;
    }

    @Override
    protected final void bindToRegistry(Registry beans) {
        beans.bind("relaisFailures", new FailureMessages());
        beans.bind("relaisKeepMessage", new UseOriginalAggregationStrategy());
        bind(beans);
    }

    @Override
    protected RoutesBuilder[] createRouteBuilders() {
        List<RouteFile> loaded = RouteFiles.find("").stream()
                .filter(file -> file.name().startsWith("00-errors.")
                        || Arrays.stream(files).anyMatch(name -> file.name().startsWith(name + ".")))
                .toList();
        loaded.forEach(file -> file.addConfigurations(context()));
        loaded.forEach(file -> file.addRoutes(context()));
        return new RoutesBuilder[0];
    }

    /** Returns a transaction manager without a database. A test can verify whether it committed or rolled back. */
    protected static PlatformTransactionManager transactionManager() {
        PlatformTransactionManager transactions = mock(PlatformTransactionManager.class);
        when(transactions.getTransaction(any())).thenAnswer(call -> new SimpleTransactionStatus());
        return transactions;
    }
}
