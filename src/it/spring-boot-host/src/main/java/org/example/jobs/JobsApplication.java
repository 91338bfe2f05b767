package org.example.jobs;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** A job board whose beans, routes and resources have names that Relais could use too. */
@SpringBootApplication
public class JobsApplication {

    public static void main(String[] args) {
        SpringApplication.run(JobsApplication.class, args);
    }

    @Bean
    String token() {
        return "the host's token";
    }

    @Bean
    String views() {
        return "the host's views";
    }

    @Bean
    RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:search").routeId("search").setBody(simple("${bean:token?method=toString}"));
                from("direct:report").routeId("report").setBody(constant("{{jobs.title}}"));
            }
        };
    }
}
