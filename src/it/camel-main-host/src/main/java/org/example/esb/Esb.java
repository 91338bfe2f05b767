package org.example.esb;

import com.zaxxer.hikari.HikariDataSource;
import fr.relais.Relais;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

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

    /** Returns the settings of Relais from {@code application.properties}. */
    private static Map<String, String> settings(BaseMainSupport main) {
        Properties all = main.getCamelContext()
                .getPropertiesComponent()
                .loadProperties(name -> name.startsWith("relais."));
        Map<String, String> settings = new TreeMap<>();
        all.stringPropertyNames().forEach(name -> settings.put(name, all.getProperty(name)));
        return settings;
    }
}
