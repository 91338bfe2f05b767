package fr.relais.app;

import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.TransientDataAccessResourceException;

/** The pipeline of a started application, for the verbs. */
record Pipeline(CamelContext camel) {

    static Pipeline of(ApplicationContext context) {
        return new Pipeline(context.getBean(CamelContext.class));
    }

    /** @throws TransientDataAccessResourceException while it starts */
    <T> T bean(String name, Class<T> type) {
        T bean = camel.getRegistry().lookupByNameAndType(name, type);
        if (bean == null) {
            throw new TransientDataAccessResourceException("the pipeline has not started yet");
        }
        return bean;
    }

    <T> T request(String endpoint, Object body, Class<T> answer) {
        return camel.createFluentProducerTemplate().to(endpoint).withBody(body).request(answer);
    }

    /** A wrong setting of the source should end the start, not the first sweep some hours later. */
    void checkSource() throws CamelExecutionException {
        request("direct:check-source", null, Object.class);
    }
}
