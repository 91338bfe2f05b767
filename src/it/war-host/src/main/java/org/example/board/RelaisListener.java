package org.example.board;

import com.zaxxer.hikari.HikariDataSource;
import fr.relais.Relais;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/** The listener that runs Relais while the web application is deployed. The settings are context parameters. */
@WebListener
public final class RelaisListener implements ServletContextListener {

    private final HikariDataSource database = new HikariDataSource();
    private final CamelContext camel = new DefaultCamelContext();

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext application = event.getServletContext();
        // A server does not look for drivers in web applications.
        database.setDriverClassName("org.mariadb.jdbc.Driver");
        database.setJdbcUrl(application.getInitParameter("board.database"));
        database.setMaximumPoolSize(13);
        database.setConnectionInitSql("set session idle_transaction_timeout = 60");

        Map<String, String> settings = Collections.list(application.getInitParameterNames()).stream()
                .filter(name -> name.startsWith("relais."))
                .collect(Collectors.toMap(name -> name, application::getInitParameter));
        Relais relais = Relais.addTo(camel, database, settings);
        camel.start();
        application.setAttribute("relais", relais);
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        camel.stop();
        database.close();
        // Otherwise the JVM's list of drivers would keep the classes of the web application.
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            try {
                DriverManager.deregisterDriver(driver);
            } catch (SQLException e) {
                event.getServletContext().log("The driver was not deregistered", e);
            }
        }
    }
}
