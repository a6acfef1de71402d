/* 最新公告 */
document.write("<ul><li><a href=\"/gg/202611/t7001.html\">\u57fa\u5c42\u533b\u7597\u673a\u6784\u914d\u836f\u516c\u544a<\/a><span>2026-11-04<\/span><\/li><\/ul>");
