package fr.relais.app;

import fr.relais.Relais;
import fr.relais.boot.EnvironmentSettings;
import fr.relais.failure.RelaisException;
import fr.relais.settings.Settings;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

/** The configuration that adds the pipeline to the application's Camel context, with the environment's settings. */
@Configuration(proxyBeanMethods = false)
class RelaisConfiguration {

    private static final String DATABASE = "spring.datasource.url";

    /** The setting names a database other than MariaDB. */
    static final class UnsupportedDatabase extends RelaisException {
        private UnsupportedDatabase(String driver) {
            super(
                    "Setting " + DATABASE + " begins with " + driver + ", but Relais needs MariaDB",
                    "Set it to an address such as jdbc:mariadb://db.example.org/relais.");
        }
    }

    /**
     * Checks the address of the database before the connection pool looks for a driver. Spring would report a missing
     * driver at length, and without this remedy.
     */
    @Bean
    static BeanFactoryPostProcessor mariaDbOnly(Environment environment) {
        return beans -> requireMariaDb(environment.getProperty(DATABASE, ""));
    }

    static void requireMariaDb(String url) {
        if (!url.matches("jdbc:(.+:)?mariadb:.*")) {
            // The rest of the address may contain a password.
            throw new UnsupportedDatabase(url.replaceFirst("^((jdbc:)?[^:/]*:?).*", "$1"));
        }
    }

    @Bean
    Triggers triggers(CamelContext camel) {
        return new Triggers(camel);
    }

    /** Returns the settings for the web part. The pipeline creates its own. */
    @Bean
    Settings settings(ConfigurableEnvironment environment) {
        return Settings.of(given(environment));
    }

    private static Map<String, String> given(ConfigurableEnvironment environment) {
        Map<String, String> settings = EnvironmentSettings.given(environment);
        if (environment.containsProperty("spring.mail.host")) {
            settings.putIfAbsent("relais.report.uri", "smtp:spring.mail?javaMailSender=#relaisMailSender");
        }
        return settings;
    }

    /**
     * Returns the connections for which visitors wait. They have the settings of the pipeline's connections, except for
     * those in {@code spring.datasource.web}. Commands do not need them, because they have no visitors.
     */
    @Bean(defaultCandidate = false)
    @ConditionalOnWebApplication
    @ConfigurationProperties("spring.datasource.web")
    WebDataSource webDataSource(DataSourceProperties properties, Environment environment) {
        WebDataSource web = properties
                .initializeDataSourceBuilder()
                .type(WebDataSource.class)
                .build();
        Binder.get(environment).bind("spring.datasource.hikari", Bindable.ofInstance(web));
        return web;
    }

    @Bean(defaultCandidate = false)
    JdbcTemplate webJdbc(
            DataSource dataSource, @Qualifier("webDataSource") ObjectProvider<WebDataSource> webDataSource) {
        return new JdbcTemplate(orElse(dataSource, webDataSource));
    }

    @Bean
    CamelContextConfiguration relais(
            DataSource dataSource,
            @Qualifier("webDataSource") ObjectProvider<WebDataSource> webDataSource,
            ConfigurableEnvironment environment,
            Triggers triggers) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                // No setting may turn these on, because they reveal bodies and headers: offers, forms and secrets.
                camel.setTracing(false);
                camel.setBacklogTracing(false);
                camel.setDebugging(false);
                camel.setMessageHistory(false);
                camel.setLogExhaustedMessageBody(false);
                if (environment.containsProperty("spring.mail.host")) {
                    camel.getRegistry().bind("relaisMailSender", new SmtpSender(environment));
                }
                Relais.addTo(camel, dataSource, orElse(dataSource, webDataSource), given(environment));
                triggers.holdBack();
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {
                // The triggers do not start here: the service starts them when it is ready, other commands never do.
            }
        };
    }

    private static DataSource orElse(DataSource dataSource, ObjectProvider<WebDataSource> webDataSource) {
        WebDataSource web = webDataSource.getIfAvailable();
        return web == null ? dataSource : web;
    }
}
