package org.example.esb;

import com.zaxxer.hikari.HikariDataSource;
import fr.relais.Relais;
import fr.relais.settings.Settings;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.PropertiesComponent;

/** A Camel Main application with a route of its own, to which it adds Relais. */
public final class Esb {

    private Esb() {}

    /** The host's own routes, which Camel Main finds in the package. */
    public static final class Routes extends RouteBuilder {
        @Override
        public void configure() {
            from("direct:search").routeId("search").setBody(constant("{{esb.queue}}"));
        }
    }

    public static void main(String[] args) throws Exception {
        try (HikariDataSource database = new HikariDataSource()) {
            database.setJdbcUrl(System.getenv("ESB_DATABASE"));
            database.setMaximumPoolSize(13);
            main(database).run(args);
        }
    }

    static Main main(DataSource database) {
        Main main = new Main(Esb.class);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport configured) {
                Relais.addTo(configured.getCamelContext(), database, settings(configured));
            }
        });
        return main;
    }

    /** Returns the settings of Relais from {@code application.properties} and from environment variables. */
    private static Map<String, String> settings(BaseMainSupport main) {
        PropertiesComponent properties = main.getCamelContext().getPropertiesComponent();
        Set<String> names = new TreeSet<>(Settings.names());
        names.addAll(properties
                .loadProperties(name -> name.startsWith("relais."))
                .stringPropertyNames());
        Map<String, String> settings = new TreeMap<>();
        names.forEach(name -> properties.resolveProperty(name).ifPresent(value -> settings.put(name, value)));
        return settings;
    }
}
