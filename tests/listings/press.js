/* generated */
var pressIndex = {"updated":"2026-11-04","data":[{"UrlPath_zh_tw":"/tc/media/116012.html","Title_zh_tw":"<span>防疫中心調查一宗退伍軍人病個案</span>","PublishDate":"2026-11-04"},{"UrlPath_zh_tw":"/tc/media/116009.html","Title_zh_tw":"長者流感疫苗接種率上升","PublishDate":"2026-11-03"}]};
if (window.ready) { ready(pressIndex); }
