package org.example.jobs;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** The host's own database, in which it has a table {@code account}, and the one for Relais. */
@Configuration(proxyBeanMethods = false)
class Databases {

    @Bean
    @Primary
    DataSource jobsDataSource(@Value("${jobs.database}") String url) {
        return pool(url, 5);
    }

    @Bean
    DataSource offersDataSource(@Value("${jobs.offers}") String url) {
        return pool(url, 13);
    }

    private static DataSource pool(String url, int size) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername("root");
        pool.setPassword("");
        pool.setMaximumPoolSize(size);
        return pool;
    }
}
