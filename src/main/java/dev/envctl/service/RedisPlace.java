package dev.envctl.service;

import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.FlushMode;

/** Where a worker's data in Redis are. */
sealed interface RedisPlace {
    ServiceEndpoint endpoint();

    ServiceEndpoint inCluster();

    int database();

    /** How the channels start that the worker may use; empty for all channels. */
    String channelPrefix();

    /** Arguments of {@code ACL SETUSER} after the name, for the server that the administrator is connected to. */
    List<String> rules(String password, Jedis session);

    void empty(Jedis session);

    /** A numbered database of the server that all share. */
    record Index(int worker, ServiceEndpoint endpoint, RedisModules modules) implements RedisPlace {
        @Override
        public ServiceEndpoint inCluster() {
            return RedisService.inCluster();
        }

        @Override
        public int database() {
            return worker;
        }

        @Override
        public String channelPrefix() {
            return RedisRules.channelPrefix(worker);
        }

        @Override
        public List<String> rules(String password, Jedis session) {
            return RedisRules.ofIndex(worker, password, modules.denied(session));
        }

        @Override
        public void empty(Jedis session) {
            session.select(worker);
            session.flushDB();
        }
    }

    /** A server. */
    record Instance(int worker, ServiceEndpoint endpoint) implements RedisPlace {
        @Override
        public ServiceEndpoint inCluster() {
            return RedisService.inCluster(worker);
        }

        @Override
        public int database() {
            return 0;
        }

        @Override
        public String channelPrefix() {
            return "";
        }

        @Override
        public List<String> rules(String password, Jedis session) {
            return RedisRules.ofInstance(password);
        }

        @Override
        public void empty(Jedis session) {
            session.flushAll();
            session.functionFlush();
            session.scriptFlush(FlushMode.SYNC);
        }
    }
}
